"""People decide: what may follow what, who may say so, how long it holds, and how they are told."""
