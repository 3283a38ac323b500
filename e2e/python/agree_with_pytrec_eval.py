"""Scores random rankings with pytrec_eval, for src/evaluate/metrics.agree.test.ts to score them too, to 1e-9.

Run it with Python 3.9 or later, from anywhere, after `pip install pytrec_eval`:
    python e2e/python/agree_with_pytrec_eval.py                   writes the fixture that the test reads
    python e2e/python/agree_with_pytrec_eval.py --check [SEED]    scores 2000 fresh rankings and has the test compare these
    python e2e/python/agree_with_pytrec_eval.py --trec DIR REPORT scores the runs that `evaluate --trec DIR --json REPORT` wrote, and
                                                                  compares the means with the report

Ties: trec_eval puts the greater document id first, era-search the smaller row. Here the row with the smaller number has
the greater id, so that both rules mean the same order and only the metrics are compared.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pytrec_eval

ROOT = Path(__file__).resolve().parents[2]
TEST = "src/evaluate/metrics.agree.test.ts"
FIXTURE = ROOT / "src/evaluate/fixtures/pytrec-eval.json"
MEASURES = {"ndcg_cut.1,5,10,20,100", "recall.100", "recip_rank"}
NAMES = ["ndcg_cut_1", "ndcg_cut_5", "ndcg_cut_10", "ndcg_cut_20", "ndcg_cut_100", "recall_100", "recip_rank"]


def make_query(rng):
    """A corpus, a run over a part of it, and labels, some of them to rows outside the run. Scores tie often."""
    rows = rng.choice([1, 3, 9, 30, 120, 300])
    retrieved = rng.sample(range(rows), rng.randint(1, rows))
    steps = rng.choice([1, 4, 64, 4096])
    # Multiples of 1/64: exact in the single precision that trec_eval compares.
    run = {row: rng.randint(-steps, steps) / 64 for row in retrieved}
    judged = rng.sample(range(rows), rng.randint(1, min(rows, rng.choice([1, 3, 20, 150]))))
    highest = rng.choice([0, 1, 1, 3, 100])
    return run, {row: rng.randint(0, highest) for row in judged}


def document_id(row):
    return f"d{999_999 - row:06d}"


def score(queries):
    qrels = {f"q{i}": {document_id(row): grade for row, grade in labels.items()} for i, (_, labels) in enumerate(queries)}
    runs = {f"q{i}": {document_id(row): value for row, value in run.items()} for i, (run, _) in enumerate(queries)}
    return pytrec_eval.RelevanceEvaluator(qrels, MEASURES).evaluate(runs)


def write(path, seed, count):
    rng = random.Random(seed)
    queries = [make_query(rng) for _ in range(count)]
    scores = score(queries)
    assert len(scores) == count
    lines = [
        json.dumps({
            "run": sorted(run.items()),
            "labels": sorted(labels.items()),
            "scores": {name: scores[f"q{i}"][name] for name in NAMES},
        })
        for i, (run, labels) in enumerate(queries)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n")


def check(seed):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fresh.json"
        write(path, seed, 2000)
        print(f"seed {seed}")
        command = ["npx", "vitest", "run", "--mode", "test", "--project", "node", TEST]
        return subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTREC_EVAL_FIXTURE": str(path)}).returncode


def check_trec(folder, report):
    rows = json.loads(Path(report).read_text())["rows"]
    compared = 0
    for row in rows:
        name = f"{row['method']}-{row['path']}-{row['ratio']}"
        for task, points in row["perTask"].items():
            run_file = Path(folder) / name / f"{task}.run"
            if not run_file.exists():
                continue  # a run that was made elsewhere
            with open(Path(folder) / "qrels" / f"{task}.qrels") as qrels_file, open(run_file) as file:
                qrels, run = pytrec_eval.parse_qrel(qrels_file), pytrec_eval.parse_run(file)
            scores = pytrec_eval.RelevanceEvaluator(qrels, {"ndcg_cut.10", "recall.100", "recip_rank"}).evaluate(run)
            for measure, expected in (("ndcg_cut_10", points), ("recall_100", row["recall100PerTask"][task]), ("recip_rank", row["mrrPerTask"][task])):
                mean = 100 * sum(scores.get(qid, {measure: 0})[measure] for qid in qrels) / len(qrels)
                assert abs(mean - expected) < 1e-9, (name, task, measure, mean, expected)
                compared += 1
    assert compared > 0
    print(f"{compared} means agree")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--trec"]:
        sys.exit(check_trec(*sys.argv[2:4]))
    if sys.argv[1:2] == ["--check"]:
        sys.exit(check(int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(2**32)))
    write(FIXTURE, 42, 60)
