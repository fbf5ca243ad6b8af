"""How a report looks: one style sheet for screens, light and dark, and for paper."""

from renderers.svg import board_colours, board_rules

LIGHT = """
--ground:#fff;--panel:#f6f8fa;--ink:#1f2328;--faint:#59636e;--rule:#d1d9e0;--link:#0757b8;
--shade:11,87,208;--good:#1a7f37;--bad:#b42318;--mark:#fff3c4;--first:#b42318;--second:#0b57d0;
--s0:#0b57d0;--s1:#b42318;--s2:#1a7f37;--s3:#8250df;--s4:#9a6700;--s5:#0f766e;--s6:#bf3989;--s7:#57606a;
--k0:#b7dfc0;--k1:#fbe29a;--k2:#d8c7f5;--k3:#d0d7de;--k4:#f9cfa5;--k5:#f4b5ae;--k6:#b6d8f7;--hatch:#0004;
"""
DARK = """
--ground:#14171c;--panel:#1d2127;--ink:#e6e8eb;--faint:#9aa4af;--rule:#3a424c;--link:#7ab8ff;
--shade:88,150,255;--good:#6fd08c;--bad:#ff8a7a;--mark:#4a3f14;--first:#ff8a7a;--second:#7ab8ff;
--s0:#7ab8ff;--s1:#ff8a7a;--s2:#6fd08c;--s3:#c8a6ff;--s4:#e3b341;--s5:#5fd0c5;--s6:#ff9bce;--s7:#adb5bd;
--k0:#24563a;--k1:#655313;--k2:#4a3a73;--k3:#47505b;--k4:#70451c;--k5:#77302a;--k6:#1f4b75;--hatch:#fff4;
"""
RULES = """
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:1rem 1.25rem 4rem;max-width:76rem;background:var(--ground);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:1.7rem;line-height:1.25;margin:.5rem 0 1rem;overflow-wrap:anywhere}
h2{font-size:1.35rem;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:2px solid var(--rule);
overflow-wrap:anywhere}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem;overflow-wrap:anywhere}
p{max-width:46rem;margin:.5rem 0}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:0 0 1rem;list-style:none}
.summary{font-size:1.15rem;max-width:54rem;overflow-wrap:anywhere}
.note,small,.small{color:var(--faint);font-size:.85rem}
.scroll{overflow:auto;max-height:min(85vh,48rem);border:1px solid var(--rule);border-radius:6px;
width:fit-content;max-width:100%}
table{border-collapse:separate;border-spacing:0;font-variant-numeric:tabular-nums}
th,td{padding:.4rem .7rem;text-align:right;vertical-align:top;border-bottom:1px solid var(--rule)}
tr:last-child>*{border-bottom:0}
thead th{position:sticky;top:0;background:var(--panel);z-index:1;font-size:.85rem;overflow-wrap:anywhere;
max-width:12rem;min-width:4.5rem}
.stacks td small,.stacks th{font-size:.8rem}.stacks td,.stacks th{padding:.4rem .5rem}
.stacks thead th{max-width:6.5rem;min-width:0;overflow-wrap:normal}
.stacks tbody th{font-size:.95rem;min-width:7rem}
th:first-child,td:first-child{text-align:left}
tbody th{font-weight:600;max-width:22rem;min-width:8rem;overflow-wrap:anywhere;background:var(--ground);
position:sticky;left:0}
table.words td{text-align:left;overflow-wrap:anywhere;min-width:8rem}
td{white-space:nowrap}table.words td small{font-size:7pt}.words td{white-space:normal}
td small{display:block}
td a{color:inherit;text-decoration-color:var(--link);text-underline-offset:3px}
td.marked{outline:2px solid var(--good);outline-offset:-3px;font-weight:700}
details{margin:.6rem 0}
summary{cursor:pointer;color:var(--link);width:fit-content;max-width:100%;overflow-wrap:anywhere}
.tables{display:flex;flex-wrap:wrap;gap:0 2rem;align-items:flex-start}.tables>*{max-width:100%}
figure{margin:.5rem 0}
.legend{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;padding:0;margin:.25rem 0;
list-style:none;font-size:.9rem}
.legend li{display:flex;align-items:center;gap:.4rem;overflow-wrap:anywhere}
svg.chart{width:100%;max-width:47rem;height:auto;display:block}
svg text{fill:var(--ink);font-family:inherit;font-size:13px}
svg .tick{fill:var(--faint);font-size:12px}svg .axis{fill:var(--faint)}
svg .rule{stroke:var(--rule)}svg .level{stroke:var(--faint);stroke-dasharray:5 4}
svg .line{fill:none;stroke-width:2}svg .bar{stroke-width:1.5;opacity:.65}
svg .dot{stroke-width:2}svg .hollow{fill:var(--ground)!important}
svg .name{font-weight:600}svg .inside{font-size:12px}
svg .part{stroke:var(--ground);stroke-width:1}svg .stroke{stroke:var(--hatch);fill:none}
svg.patterns{position:absolute}svg.key{flex:none}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr));gap:1rem;align-items:start}
.card{border:1px solid var(--rule);border-radius:6px;padding:.9rem;min-width:0;overflow:hidden}
.card h4,.match h4{margin:0 0 .5rem;font-size:.95rem;overflow-wrap:anywhere}
.card p,.match p{margin:.4rem 0;overflow-wrap:anywhere}
.said{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate;background:var(--panel);
border-radius:4px;border-left:3px solid var(--rule);padding:.4rem .6rem;margin:.4rem 0;
font:.85rem/1.45 ui-monospace,
SFMono-Regular,Menlo,Consolas,monospace;max-height:24rem;overflow:auto}
bdi,.name{unicode-bidi:isolate}
.evidence{display:none}
.evidence:target{display:block;position:fixed;left:0;right:0;bottom:0;z-index:5;
max-height:50vh;overflow:auto;background:var(--panel);border-top:3px solid var(--link);
padding:.75rem 1.25rem 1rem;box-shadow:0 -6px 24px #0003}
.evidence h3{margin:.1rem 5rem .4rem 0}
.evidence .close{position:absolute;right:1.25rem;top:.8rem}
.evidence ul{margin:.3rem 0;padding-left:1.2rem}
.evidence li{overflow-wrap:anywhere}
.match{border:1px solid var(--rule);border-radius:6px;padding:.1rem .9rem}
.match:target,.match:has(:target){border-color:var(--link);border-width:2px}
.match ol{padding-left:1.6rem}.match li{margin:.35rem 0;overflow-wrap:anywhere}
.dear{color:var(--bad);font-weight:600}
@media screen and (max-width:60rem){.stacks,.stacks tbody,.stacks tr{display:block}.stacks thead{display:none}
.stacks tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));padding:.5rem 0;
border-bottom:1px solid var(--rule)}.stacks tr:last-child{border-bottom:0}
.stacks tbody th{grid-column:1/-1;position:static;border:0;max-width:none;padding-bottom:0}
.stacks td{text-align:left;border:0;white-space:normal}
.stacks td::before{content:attr(data-heading);display:block;font-size:.8rem;color:var(--faint)}
.scroll:has(>.stacks){max-height:none;width:auto}}
@media(max-width:40rem){figure{overflow-x:auto}svg.chart{min-width:34rem}tbody th{min-width:6.5rem}}
"""
PAPER = """
@page{margin:15mm 12mm}
body{max-width:none;padding:0;font-size:10.5pt}
nav,.matches,.evidence,.evidence:target{display:none}
.scroll{overflow:visible;max-height:none;border:0;width:auto}
table{font-size:8.5pt}thead{display:table-header-group}thead th,tbody th{position:static}
th,td{padding:.2rem .4rem}td small{font-size:7pt}.words td{white-space:normal}
tr,figure,.card,h2,h3{break-inside:avoid}h2,h3{break-after:avoid}
.cards{display:block;columns:2}.card{margin-bottom:.6rem;padding:.5rem}
svg.board{max-height:38mm;width:auto}svg.chart{max-width:150mm}details:not([open]){display:none}
a{color:inherit;text-decoration:none}
.said{max-height:none;overflow:visible}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
"""


def style_sheet() -> str:
    """The whole style sheet. Paper is light, whatever the screen is."""
    series = "".join(
        f"svg .s{n}{{stroke:var(--s{n});fill:var(--s{n})}}svg .k{n}{{fill:var(--k{n})}}" for n in range(8)
    )
    dashes = "".join(f"svg .line.s{n}{{stroke-dasharray:{n} {n // 2 + 2}}}" for n in range(2, 8))
    rules = series + "svg .line{fill:none!important}" + dashes + RULES + board_rules()
    light, dark = LIGHT + board_colours("light"), DARK + board_colours("dark")
    night = f"@media screen and (prefers-color-scheme:dark){{:root{{color-scheme:dark;{dark}}}}}"
    return f":root{{color-scheme:light;{light}}}{night}{rules}@media print{{{PAPER}}}".replace("\n", "")
