// How the landing page looks: plain CSS, light and dark as the browser asks. [pure]
#pragma once

namespace selfheal {

inline constexpr const char* kPageStyle = R"css(
:root { color-scheme: light dark;
  --bg: #fff; --fg: #1d2733; --dim: #5c6b7a; --line: #dde3ea; --soft: #f4f6f9; --link: #0b62c4;
  --bad: #c62828; --bad-bg: #fdecec; --warn: #955600; --warn-bg: #fff3dc;
  --good: #1b7a3d; --calm: #5c6b7a; }
@media (prefers-color-scheme: dark) { :root {
  --bg: #12171d; --fg: #dfe6ee; --dim: #93a1b1; --line: #2a333e; --soft: #1a212a; --link: #6cb2ff;
  --bad: #ff8a80; --bad-bg: #331a1c; --warn: #ffc266; --warn-bg: #2f2512;
  --good: #71d391; --calm: #93a1b1; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.25rem 1.5rem 3rem; max-width: 90rem; background: var(--bg);
  color: var(--fg); font: 15px/1.45 system-ui, sans-serif; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .3rem 1.5rem;
  padding-bottom: .7rem; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 2.2rem 0 .6rem; }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; }
.dim, small { color: var(--dim); }
small { font-size: .85em; }
.hosts { margin: .8rem 0; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin: 1rem 0 .8rem; }
.bar form { margin-left: auto; }
form { display: flex; flex-wrap: wrap; gap: .4rem; }
h2 + form { margin-bottom: .9rem; }
input, button { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--line);
  border-radius: 6px; padding: .25rem .6rem; }
button { background: var(--soft); cursor: pointer; }
.chip { border: 1px solid var(--line); border-radius: 99px; padding: .15rem .75rem;
  color: var(--fg); white-space: nowrap; }
.chip b { font-variant-numeric: tabular-nums; }
.chip.on { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 600; color: var(--dim); font-size: .85em; white-space: nowrap; }
th, td { padding: .42rem .9rem .42rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
th:first-child, td:first-child { padding-left: .6rem; }
td small { display: block; }
td.num { text-align: right; }
th.num { text-align: right; }
td.num, td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.what { overflow-wrap: anywhere; min-width: 8.5rem; }
td.result { min-width: 14rem; }
td .of { color: var(--dim); font-size: .85em; margin-left: .4em; }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
.state { white-space: nowrap; font-weight: 600; color: var(--calm); }
.state::before { content: ""; display: inline-block; width: .62em; height: .62em; margin-right: .5em;
  border-radius: 50%; background: currentColor; }
.unhealthy, .down, .failed { color: var(--bad); }
.failing, .starting { color: var(--warn); }
.healthy, .passed { color: var(--good); }
tr.bad { background: var(--bad-bg); }
tr.odd { background: var(--warn-bg); }
.note { padding: 1.4rem; background: var(--soft); border-radius: 8px; }
footer { margin-top: 2.5rem; color: var(--dim); font-size: .85em; }
)css";

}  // namespace selfheal
