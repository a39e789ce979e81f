"""Random small linear programs and what scipy's HiGHS says of them.

Run: python3 linear_programs.py > linear_programs.json  (scipy 1.17.1 made the file that is here)

minimise cost . x  subject to  less x <= lessBound, equal x = equalBound, lower <= x <= upper;
null stands for an infinite bound. Coefficients are small whole numbers, many of them zero, so that
ties and degenerate vertices are common.
"""

import json
import random

from scipy.optimize import linprog

STATUS = {0: "optimal", 2: "infeasible", 3: "unbounded"}


def program(generator):
    columns = generator.randint(1, 12)
    whole = lambda: generator.choice([0, 0, 0, 1, -1, 2, -2, 3, -5])
    less = [[whole() for _ in range(columns)] for _ in range(generator.randint(0, 10))]
    equal = [[whole() for _ in range(columns)] for _ in range(generator.randint(0, 4))]
    point = [generator.randint(0, 3) for _ in range(columns)]
    product = lambda row: sum(a * x for a, x in zip(row, point))
    spoil = generator.random() < 0.15
    bounds = [generator.choice([(0, None), (0, None), (0, 4), (None, None), (-2, 3), (None, 5)])
              for _ in range(columns)]
    return {
        "cost": [whole() for _ in range(columns)],
        "less": less,
        "lessBound": [product(row) + generator.choice([0, 0, 1, 4]) - (9 if spoil else 0)
                       for row in less],
        "equal": equal,
        "equalBound": [product(row) for row in equal],
        "lower": [low for low, _ in bounds],
        "upper": [high for _, high in bounds],
    }


def main():
    generator = random.Random(20260301)
    result = []
    for _ in range(200):
        case = program(generator)
        answer = linprog(case["cost"], case["less"] or None, case["lessBound"] or None,
                         case["equal"] or None, case["equalBound"] or None,
                         list(zip(case["lower"], case["upper"])), method="highs")
        if answer.status not in STATUS:
            # HiGHS may only know "infeasible or unbounded"; without costs it must decide.
            answer_without = linprog([0] * len(case["cost"]), case["less"] or None,
                                     case["lessBound"] or None, case["equal"] or None,
                                     case["equalBound"] or None,
                                     list(zip(case["lower"], case["upper"])), method="highs")
            case["status"] = "unbounded" if answer_without.status == 0 else "infeasible"
            case["objective"] = None
        else:
            case["status"] = STATUS[answer.status]
            case["objective"] = answer.fun if answer.status == 0 else None
        result.append(case)
    lines = ",\n".join(json.dumps(case) for case in result)
    print(f"[\n{lines}\n]")


main()
