"""Short JavaScript."""

from __future__ import annotations

import pytest

from interlock.commands.shell_call import Verdict
from interlock.commands.shell_javascript import javascript_text


@pytest.mark.parametrize(
    "text",
    [
        "console.log(1)",
        "require('fs').unlinkSync('out/a.tmp')",
        "require('fs').rmSync('a.txt', {force: true})",
        "const d=require('./a.json'); console.log(Object.keys(d).length, `n: ${d.x}`)",
        "const fs=require('node:fs'); fs.writeFileSync('a', fs.readFileSync('b','utf8').replace(/x/g,'y'))",
        "for (const k in process.versions) console.log(k, process.versions[k])",
        "[1,2].map(v=>v*2).forEach(v=>console.log(v))",
        "fetch('http://localhost/a').then(r=>r.json()).then(console.log)",
        "const m='a b'.match(/a (\\w)/); console.log(m[1])",
        "import('./x.mjs').then(m=>m.default())",
        "console.log(process.env.NODE_ENV)",
        "let i=0; while(i<3){i++}",
        "const {a, b: [c]} = {a:1,b:[2]}; console.log(a,c)",
    ],
)
def test_what_agents_write_is_understood(text: str) -> None:
    """It computes, reads and prints, or its effect is told."""
    assert javascript_text(text, Verdict())


@pytest.mark.parametrize(
    "text",
    [
        "require('child_process').execSync(x)",
        "eval('1')",
        "new Function('x')()",
        "[]['constructor']['constructor']('x')()",
        "[]['con'+'structor']",
        "this['eval']('x')",
        "process.mainModule.require('x')",
        "require('fs').unlinkSync(x)",
        "require('fs').unlinkSync('/etc/x')",
        "require('fs').rmSync('a', {force: true, recursive: true})",
        "require('fs').unlinkSync('../x')",
        "const {rmSync}=require('fs'); rmSync('x')",
        "process['binding']('fs')",
        "require(x)",
        "import(x)",
        "globalThis.process",
        "process.binding('spawn_sync')",
        "const k='constr'+'uctor'; const f=[][k]; f[k]('x')()",
        "require('fs').writeFileSync('/etc/passwd','x')",
        "require('vm').runInThisContext('x')",
        "import('data:text/javascript,1')",
        "x = `${eval('1')}`",
        "Reflect.get(process,'x')",
        "const f=[][['con','structor'].join('')]",
        "unterminated = `",
        "require('module')._load('x')",
        "module.constructor",
        "const a={}; a['\\x63onstructor']",
        "fs.rm('x', {recursive: true})",
    ],
)
def test_what_could_run_anything_is_not(text: str) -> None:
    """Names, texts and detours that lead to programs or to code."""
    assert not javascript_text(text, Verdict())
