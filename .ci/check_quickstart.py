"""Checks the quickstart's result table: every cell there, accuracies and perplexity within the bounds that the models were trained to."""
import json
import sys

# Dense accuracy of each model on the first 500 test images, and what LAST may lose at 10 % (one image is 0.002).
DENSE = {"s5-smnist": 0.992, "s4d-smnist": 0.980}
STATE_METHODS = {"last", "uniform-hinf", "uniform-magnitude", "random"}
WEIGHT_METHODS = {"wanda", "weight-magnitude"}  # of S5; S4D has no dense matrix in its mixers
RATIOS = [round(0.1 * i, 1) for i in range(1, 10)]
ONE_IMAGE = 0.002
LANGUAGE_METHODS = WEIGHT_METHODS | {"dstate-magnitude"}
# Token perplexity of mamba2-tiny on the first 20 windows of WikiText-2's test file (103.77 on all 381, as in its RESULTS.json).
PERPLEXITY = 96.82
JOBS = 120


def check(condition, message):
    if not condition:
        sys.exit(f"quickstart: {message}")


def check_language(section):
    dense = section["dense"]["perplexity"]
    check(abs(dense - PERPLEXITY) < 0.01, f"mamba2-tiny: perplexity {dense}, expected {PERPLEXITY}")
    methods = {method["name"]: [cell["perplexity"] for cell in method["cells"]] for method in section["methods"]}
    check(methods.keys() == LANGUAGE_METHODS, f"mamba2-tiny: methods {sorted(methods)}")
    for name, perplexities in methods.items():
        check(len(perplexities) == len(RATIOS), f"mamba2-tiny {name}: {len(perplexities)} ratios")
        check(perplexities == sorted(perplexities), f"mamba2-tiny {name}: a larger ratio costs less: {perplexities}")
    half = RATIOS.index(0.5)
    check(methods["wanda"][half] < methods["weight-magnitude"][half], "mamba2-tiny: WANDA is no better than magnitude at 50 %")


def main():
    report = json.load(open(sys.argv[1], encoding="utf-8"))
    check(report["done"] == JOBS and report["failed"] == report["pending"] == 0,
          f"expected {JOBS} done jobs, found {report['done']} done, {report['failed']} failed, {report['pending']} pending")
    sections = {section["model"]: section for section in report["sections"]}
    check_language(sections.pop("mamba2-tiny"))
    check(sections.keys() == DENSE.keys(), f"expected the models {sorted(DENSE)}, found {sorted(sections)}")
    for model, section in sections.items():
        dense = section["dense"]["accuracy"]
        check(abs(dense - DENSE[model]) <= ONE_IMAGE, f"{model}: dense accuracy {dense}, expected {DENSE[model]}")
        methods = {method["name"]: method["cells"] for method in section["methods"]}
        expected = STATE_METHODS | WEIGHT_METHODS if model.startswith("s5") else STATE_METHODS
        check(methods.keys() == expected, f"{model}: methods {sorted(methods)}")
        for name, cells in methods.items():
            check([cell["ratio"] for cell in cells] == RATIOS, f"{model} {name}: ratios {[c['ratio'] for c in cells]}")
            check(all(0 <= cell["accuracy"] <= 1 for cell in cells), f"{model} {name}: an accuracy outside [0, 1]")
            check(cells[-1]["accuracy"] < 0.5, f"{model} {name}: accuracy {cells[-1]['accuracy']} with a tenth left")
        last = methods["last"]
        check(last[0]["accuracy"] >= dense - 0.01, f"{model}: LAST loses {dense - last[0]['accuracy']:.3f} at 10 %")
        check(last[1]["accuracy"] > methods["random"][1]["accuracy"] + 0.2, f"{model}: LAST is no better than chance")
    print(f"quickstart: {JOBS} rows, accuracies and perplexity within bounds")


main()
