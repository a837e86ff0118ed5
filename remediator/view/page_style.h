// How the pages look: GET /page.css. Light and dark as the browser asks, from 320 px on. [pure]
#pragma once

namespace selfheal {

inline constexpr const char* kPageStyleSheet = R"css(
:root { color-scheme: light dark;
  --bg: #fff; --fg: #1d2733; --dim: #5c6b7a; --line: #dde3ea; --soft: #f4f6f9; --link: #0b62c4;
  --bad: #c62828; --bad-bg: #fdecec; --warn: #955600; --warn-bg: #fff3dc;
  --good: #1b7a3d; --good-bg: #e8f6ec; --fail: #d55e00; --wait: #5c6b7a; --act: #0072b2;
  --verify: #56b4e9; }
@media (prefers-color-scheme: dark) { :root {
  --bg: #12171d; --fg: #dfe6ee; --dim: #93a1b1; --line: #2a333e; --soft: #1a212a; --link: #6cb2ff;
  --bad: #ff8a80; --bad-bg: #331a1c; --warn: #ffc266; --warn-bg: #2f2512;
  --good: #71d391; --good-bg: #16291d; --fail: #ff8c42; --wait: #93a1b1; --act: #4aa8e8;
  --verify: #2b6f9c; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; padding: 1rem 1rem 3rem; max-width: 76rem; background: var(--bg);
  color: var(--fg); font: 15px/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .3rem 1.5rem;
  padding-bottom: .7rem; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.3rem; margin: 0; }
h1 a { color: inherit; }
h2 { font-size: 1.1rem; margin: 1.9rem 0 .6rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
h4, h5 { font-size: 1em; margin: 0 0 .4rem; }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; }
#link { margin: 0 0 0 auto; font-size: .85em; }
.dim, small { color: var(--dim); font-weight: normal; }
small { font-size: .85em; }
p { margin: .5rem 0; }
ul, ol { margin: 0; padding: 0; list-style: none; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.calm { color: var(--dim); }
.status { padding: .6rem .9rem; border-radius: 8px; margin: 1rem 0 .6rem; color: var(--fg); }
.status.good { background: var(--good-bg); } .status.good b { color: var(--good); }
.status.bad { background: var(--bad-bg); border-left: 4px solid var(--bad); }
.status.bad b { color: var(--bad); }
.status.warn { background: var(--warn-bg); }
.status.warn b { color: var(--warn); }
.note { padding: 1rem; background: var(--soft); border-radius: 8px; }
.badge { white-space: nowrap; font-weight: 600; font-size: .9rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr));
  gap: .7rem; }
.card { border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem; min-width: 0;
  margin: 0 0 .7rem; }
.cards .card { margin: 0; border-left: 4px solid var(--warn); }
.card h3 { margin: 0; }
.card p:last-child { margin-bottom: 0; }
.list li { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem 1rem;
  padding: .45rem 0; border-bottom: 1px solid var(--line); }
.say { display: inline-flex; flex-wrap: wrap; align-items: baseline; gap: .5rem; }
.list .say { margin-left: auto; }
input, select, button { font: inherit; color: inherit; background: var(--bg);
  border: 1px solid var(--line); border-radius: 6px; padding: .3rem .6rem; max-width: 100%; }
button { background: var(--soft); cursor: pointer; }
button:hover { border-color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
form { display: flex; flex-wrap: wrap; align-items: baseline; gap: .5rem .8rem; margin: .7rem 0; }
label { display: inline-flex; flex-wrap: wrap; align-items: baseline; gap: .35rem; }
aside { margin-top: 2.5rem; border-top: 1px solid var(--line); }
footer { margin-top: 1.5rem; color: var(--dim); font-size: .85em; }

.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .4rem 0 .8rem;
  font-size: .85em; color: var(--dim); }
.legend li { display: inline-flex; align-items: center; gap: .35rem; }
svg { display: block; overflow: visible; }
svg.strip { width: 100%; background: var(--soft); border-radius: 4px; }
svg.key { width: 34px; }
svg.key.short { width: 18px; }
.tick { stroke: var(--line); }
.axis { display: flex; justify-content: space-between; font-size: .8em; color: var(--dim); }
rect { vector-effect: non-scaling-stroke; }
rect.failing { fill: var(--fail); stroke: var(--fail); stroke-width: 1.5; }
rect.waiting { fill: none; pointer-events: all; stroke: var(--wait); stroke-width: 1.5; stroke-dasharray: 3 2; }
rect.attempt { fill: var(--act); stroke: var(--act); stroke-width: 2; }
rect.verifying { fill: var(--verify); stroke: var(--act); stroke-width: 1.5; }
.end { fill: var(--bg); stroke: var(--fg); stroke-width: 1.8; }
.end.recovered circle { fill: var(--good); stroke: var(--bg); }
.end.recovered path { fill: none; stroke: var(--bg); }
.end.expired path { fill: var(--bad); stroke: var(--bg); }
.end.stopped path { fill: var(--warn); stroke: var(--bg); }
.end.withdrawn { stroke: var(--dim); }
.end.open { fill: var(--warn); stroke: var(--bg); stroke-width: 1; }
.row { border-bottom: 1px solid var(--line); }
.row > summary { display: grid; grid-template-columns: 13rem 6.5rem 1fr; gap: 0 .8rem;
  align-items: center; padding: .45rem 0; cursor: pointer; }
.row > summary::-webkit-details-marker { display: none; }
.who::before { content: "▸"; display: inline-block; width: 1em; color: var(--dim); }
.row[open] .who::before { content: "▾"; }
.count { font-size: .85em; color: var(--dim); }
.axis { margin-left: 21.1rem; }
.track { padding: .2rem 0 .9rem 1rem; }
.track > p { margin: .2rem 0; }
.spans { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin-top: .25rem; font-size: .85em; }
.spans li { border-left: 4px solid var(--fail); padding-left: .4rem; }
.spans .waiting { border-left: 4px dotted var(--wait); }
.spans .attempt { border-left-color: var(--act); }
.spans .verifying { border-left: 4px double var(--act); }

.table { overflow-x: auto; }
table { border-collapse: collapse; min-width: 60%; overflow-wrap: normal; }
th { text-align: left; font-weight: 600; color: var(--dim); font-size: .85em; white-space: nowrap; }
th, td { padding: .35rem 1rem .35rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.what { min-width: 12rem; overflow-wrap: anywhere; }
code, pre { font: .86em/1.4 ui-monospace, monospace; }
pre { margin: .3rem 0; padding: .6rem; background: var(--soft); border-radius: 6px;
  max-height: 28rem; overflow: auto; white-space: pre-wrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .4rem 0; }
dt { color: var(--dim); }
dd { margin: 0; min-width: 0; }
.card details { border-top: 1px solid var(--line); padding: .3rem 0; }
.card details > summary { cursor: pointer; }
@media (max-width: 44rem) {
  .row > summary { grid-template-columns: 1fr auto; }
  .row > summary svg { grid-column: 1 / -1; }
  .axis { margin-left: 0; }
  .track { padding-left: 0; }
  .list .say { margin-left: 0; }
}
)css";

}  // namespace selfheal
