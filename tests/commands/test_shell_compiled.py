"""Sources of compiled languages that a text writes and runs."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.commands.shell_compiled import only_computes


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("go", 'package main\nimport "fmt"\nfunc main() { fmt.Println(1) }'),
        ("go", 'package main\nimport ("os"; "strings")\nfunc main() { os.Exit(len(strings.ToUpper(os.Args[0]))) }'),
        ("c", '#include <stdio.h>\nint main(void) { printf("%zu", sizeof(int)); return 0; }'),
        ("c", "#include <vector>\n#include <iostream>\nint main() { std::vector<int> v; std::cout << v.size(); }"),
        ("rust", 'fn main() { println!("{}", (1..10).sum::<i32>()); }'),
        ("java", "class A { public static void main(String[] a) { System.out.println(java.time.Instant.now()); } }"),
    ],
)
def test_sources_that_compute_and_print(language: str, text: str) -> None:
    """All that they bring in is known to be harmless."""
    assert only_computes(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("go", 'package main\nimport "os"\nfunc main() { os.RemoveAll("src") }'),
        ("go", 'package main\nimport o "os"\nfunc main() { o.RemoveAll("src") }'),
        ("go", 'package main\nimport . "os"\nfunc main() { RemoveAll("src") }'),
        ("go", 'package main\nimport "os/exec"\nfunc main() { exec.Command("id").Run() }'),
        ("go", 'package main\nimport "unsafe"\nfunc main() {}'),
        ("go", 'package main\nimport "C"\nfunc main() {}'),
        ("c", '#include <stdlib.h>\nint main(void) { return system("id"); }'),
        ("c", "#include <unistd.h>\nint main(void) { return 0; }"),
        ("c", "#include HEADER\nint main(void) { return 0; }"),
        ("c", '#include <stdio.h>\n#define S sys ## tem\nint main(void) { S("id"); }'),
        ("c", "int main(void) { ((void(*)(void))code)(); }"),
        ("c", "int main(void) { sys\\\n\\\ntem(1); }"),
        ("c", "int main(void) { wordexp(1); }"),
        ("java", "class A { java.beans.Statement s; }"),
        ("java", "class A { \\uu0052untime r; }"),
        ("rust", 'fn main() { std::fs::remove_dir_all("src").unwrap(); }'),
        ("rust", "use std::process::Command; fn main() {}"),
        ("java", 'class A { static void f() throws Exception { Runtime.getRuntime().exec("id"); } }'),
        ("java", 'class A { Object o = Class.forName("x"); }'),
        ("cobol", "STOP RUN."),
        ("rust", "// " + "x" * 70_000),
    ],
)
def test_sources_that_could_do_more(language: str, text: str) -> None:
    """Files, programs, other machines, other code; and what is too long to be read."""
    assert not only_computes(text, language)


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("printf 'package main\\nfunc main() {}\\n' > a.go; go run a.go", "shell.write", "opaque"),
        ("go run - <<< 'import \"os\"; func main() { os.RemoveAll(`x`) }'", "shell.unknown", "recursive-delete"),
        ("echo 'int main(void) { system(\"id\"); }' > a.c; gcc a.c; ./a.out", "shell.unknown", "written-and-run"),
        ("echo 'int main(void) { return 1; }' > a.c; gcc -o a a.c; ./a", "shell.write", "written-and-run"),
        ("echo 'fn main() { std::fs::remove_dir_all(1); }' > a.rs; rustc a.rs", "shell.write", "recursive-delete"),
        ("echo 'class A { Runtime r; }' > A.java; java A.java", "shell.unknown", "written-and-run"),
        ("echo 'import \"os/exec\"' > a.go; go build -o a a.go; ./a", "shell.unknown", "written-and-run"),
        ("echo 'int main(void) { return 1; }' > a.c; gcc -Dmain=x a.c; ./a.out", "shell.unknown", "written-and-run"),
        ("echo 'int main(void) { return 1; }' > a.c; gcc a.c b.o; ./a.out", "shell.unknown", "written-and-run"),
        ("go run ./cmd/app", "shell.write", "opaque"),
        ("gcc main.c -o main", "shell.write", "opaque"),
    ],
)  # fmt: skip
def test_what_is_written_is_judged_where_it_runs(text: str, name: str, flag: str) -> None:
    """The last operation runs or builds it."""
    last = analyse(text, "shell")[-1]

    assert last.name == name
    assert flag in last.arguments["flags"]
