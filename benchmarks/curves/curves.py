"""Tables and plots of pruning curves for docs/, from the reports of our own sweeps, and the checks that they must pass.

./coppice report CONF --format json > REPORT for each sweep, then
python3 benchmarks/curves/curves.py docs REPORT...

writes docs/curves.md and docs/curves/MODEL.svg, and exits with 1 when a check fails or was not measured. Standard library only.
"""
import json
import math
import pathlib
import sys
from html import escape

WIDTH, HEIGHT, LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT = 860, 380, 60, 40, 470, 290
COLOURS = ["#0b6e4f", "#c8553d", "#1f4e9c", "#8a5a00", "#7b2d8b", "#00838f", "#ad1457", "#5d6d1e", "#6b6b6b", "#222222", "#b07aa1", "#4e79a7", "#e08214", "#35978f", "#9e0142"]
WEIGHTS, STATES, PARTS = "weights", "states", "channels, heads and blocks"
KINDS = {"weight": WEIGHTS, "N:M": WEIGHTS, "state": STATES, "channel": PARTS, "head": PARTS, "block": PARTS}
ABOVE_RANDOM = {"s5-smnist", "s5-psmnist", "s4d-smnist", "s5-listops", "s5-listops-8-seeds", "s5-image"}  # LAST, at 10 to 30 %
HALF = 0.5

HEAD = """# Curves

Made by `benchmarks/curves/curves.py` from the rows of `benchmarks/curves/*.conf`; what is measured is what is shown, with no choice made after the fact.

```
for s in classifiers listops image language; do ./coppice run benchmarks/curves/$s.conf; done     # CURVES_ROOT in the environment for the last two
for s in classifiers listops image language; do ./coppice report benchmarks/curves/$s.conf --format json > /tmp/$s.json; done
python3 benchmarks/curves/curves.py docs /tmp/classifiers.json /tmp/listops.json /tmp/image.json /tmp/language.json
```

The test sets are cut to the examples named at each table, so that the sweeps take minutes: with 100 examples a difference of five points is
within the noise of one figure, though less so between methods, which see the same examples. A dash stands for a ratio that the method does not have. Methods are described in [methods.md](methods.md);
a parameter stands in brackets where lines of a method differ in it and it is not the standard. Ratios count what each method prunes, so that tables of different kinds do not compare. `s5-listops-8-seeds` is
s5-listops on all 200 examples that ship, with eight seeds of `random`, whose accuracy differs by 9 to 14 points from seed to seed.
"""


def measure_of(section):
    return section["measures"][0]


def shown(value, measure):
    if value is None:
        return "-"
    return f"{100 * value:.2f}" if measure.startswith("accuracy") else (f"{value:.2f}" if value < 1e5 else f"{value:.1e}")


def label(value):
    """Three digits, or all of an integer's."""
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def cell_at(method, ratio):
    return next((cell for cell in method["cells"] if abs(cell["ratio"] - ratio) < 1e-9), None)


def kinds(section):
    """(what is pruned, the lines that prune it), in the order of the lines."""
    groups = {}
    for method in section["methods"]:
        groups.setdefault(KINDS[method["granularity"]], []).append(method)
    return list(groups.items())


def table(section):
    measure = measure_of(section)
    for kind, methods in kinds(section):
        ratios = sorted({cell["ratio"] for method in methods for cell in method["cells"]})
        yield f"| {kind} | " + " | ".join(f"{100 * r:g} %" for r in ratios) + " |"
        yield "|---|" + "---:|" * len(ratios)
        for method in methods:
            cells = [cell_at(method, ratio) for ratio in ratios]
            yield f"| {method['name']} | " + " | ".join(shown(cell and cell[measure], measure) for cell in cells) + " |"
        yield ""


def kept(section):
    """States kept in each layer by the methods that divide a budget among layers."""
    lines = []
    for method in (method for method in section["methods"] if method["granularity"] == "state" and section["dense"]["kept_per_layer"]):
        for cell in method["cells"]:
            counts = cell["kept_per_layer"]
            wanted = method["name"] == "last" or (abs(cell["ratio"] - 0.3) < 1e-9 and not method["name"].startswith(("uniform", "random")))
            if counts and wanted:
                lines.append(f"| {method['name']} | {100 * cell['ratio']:g} % | {' '.join(f'{count:g}' for count in counts)} |")
    return ["Kept in each layer (of " + " ".join(f"{c:g}" for c in section["dense"]["kept_per_layer"]) + "):", "", "| method | ratio | kept |", "|---|---|---|"] + lines if lines else []


def scale(section, methods, log):
    measure = measure_of(section)
    values = [section["dense"][measure]] + [cell[measure] for method in methods for cell in method["cells"] if cell[measure] is not None]
    if not log:
        return 0.0, 1.0
    low = min(values)
    return low * 0.9, min(max(values), low * 1e4)


def plot(section):
    """A panel for each kind of what is pruned, one below the other."""
    panels = kinds(section)
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT * len(panels)}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT * len(panels)}" fill="#fff"/>']
    for number, (kind, methods) in enumerate(panels):
        svg += [f'<g transform="translate(0 {HEIGHT * number})">', *panel(section, kind, methods), "</g>"]
    return "\n".join(svg + ["</svg>"]) + "\n"


def panel(section, kind, methods):
    measure = measure_of(section)
    log = not measure.startswith("accuracy")
    low, high = scale(section, methods, log)

    def x(ratio):
        return LEFT + PLOT_WIDTH * ratio

    def y(value):
        value = min(max(value, low), high)
        share = math.log(value / low) / math.log(high / low) if log else (value - low) / (high - low)
        return TOP + PLOT_HEIGHT * (1 - share)

    svg = [f'<text x="{LEFT}" y="22" font-size="14">{escape(section["model"])} on {escape(section["task"])}: {measure}{" (logarithmic)" if log else " in %"} over the fraction of {kind} pruned</text>']
    ticks = [low * (high / low) ** (i / 5) for i in range(6)] if log else [i / 5 for i in range(6)]
    for tick in ticks:
        svg.append(f'<path d="M{LEFT} {y(tick):.1f}h{PLOT_WIDTH}" stroke="#ddd"/><text x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{label(tick if log else 100 * tick)}</text>')
    for i in range(0, 11, 2):
        svg.append(f'<text x="{x(i / 10):.1f}" y="{TOP + PLOT_HEIGHT + 18}" text-anchor="middle">{i * 10} %</text>')
    for number, method in enumerate(methods):
        colour = COLOURS[number % len(COLOURS)]
        measured = [(cell["ratio"], cell[measure]) for cell in method["cells"] if cell[measure] is not None]
        at = TOP + 18 * number
        legend = f'<text x="{LEFT + PLOT_WIDTH + 48}" y="{at + 4}">{escape(method["name"])}</text>'
        if method["granularity"] == "N:M":  # one ratio
            svg += [f'<circle cx="{x(ratio):.1f}" cy="{y(value):.1f}" r="4" fill="{colour}"/>' for ratio, value in measured]
            svg.append(f'<circle cx="{LEFT + PLOT_WIDTH + 31}" cy="{at}" r="4" fill="{colour}"/>{legend}')
            continue
        line = " ".join(f"{x(ratio):.1f},{y(value):.1f}" for ratio, value in [(0.0, section["dense"][measure])] + measured)
        dash = ' stroke-dasharray="5 4"' if method["name"].startswith(("random", "weight-random", "dstate-random")) else ""
        svg.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        svg.append(f'<path d="M{LEFT + PLOT_WIDTH + 20} {at}h22" stroke="{colour}" stroke-width="2"{dash}/>{legend}')
    return svg


def figure(methods, name, ratio, measure):
    cell = cell_at(methods[name], ratio) if name in methods else None
    return cell and cell[measure]


def checks(sections):
    """(what is claimed, whether it holds; None where it was not measured)."""
    for section in sections:
        methods = {method["name"]: method for method in section["methods"]}
        measure = measure_of(section)
        if section["model"] in ABOVE_RANDOM:
            for ratio in (0.1, 0.2, 0.3):
                last, chance = (figure(methods, name, ratio, measure) for name in ("last", "random"))
                known = last is not None and chance is not None
                yield (f"{section['model']}: LAST {shown(last, measure)} above random {shown(chance, measure)} at {100 * ratio:g} %",
                       last > chance if known else None)
        if "wanda" in methods:
            wanda, magnitude = (figure(methods, name, HALF, measure) for name in ("wanda", "weight-magnitude"))
            known = wanda is not None and magnitude is not None
            better = max if measure.startswith("accuracy") else min
            yield (f"{section['model']}: WANDA {shown(wanda, measure)} no worse than magnitude {shown(magnitude, measure)} at 50 %",
                   wanda == better(wanda, magnitude) if known else None)


WORDS = {True: "holds", False: "does not hold", None: "not measured"}


def main():
    docs = pathlib.Path(sys.argv[1])
    reports = [json.loads(pathlib.Path(file).read_text()) for file in sys.argv[2:]]
    sections = [section for report in reports for section in report["sections"]]
    (docs / "curves").mkdir(exist_ok=True)
    page = [HEAD]
    for section in sections:
        measure = measure_of(section)
        name = f"{section['model']}.svg"
        (docs / "curves" / name).write_text(plot(section))
        page += [f"## {section['model']} on {section['task']}", "",
                 f"{measure.replace('_', ' ').capitalize()}{' in %' if measure.startswith('accuracy') else ''}, dense {shown(section['dense'][measure], measure)};"
                 f" {section['protocol']}, {section['examples']} examples.", "", f"![curves](curves/{name})", "", *table(section), *kept(section), ""]
    results = list(checks(sections))
    page += ["## Checks", ""] + [f"- {WORDS[good]}: {claim}" for claim, good in results]
    (docs / "curves.md").write_text("\n".join(page) + "\n")
    for claim, good in results:
        print(f"{WORDS[good]}: {claim}")
    return 0 if all(good for _, good in results) else 1  # what was not measured is not shown


sys.exit(main())
