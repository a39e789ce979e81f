"""Makes the input files of the golden cases beside it: python3 make.py (numpy for the arrays)."""
import math
import random

import numpy

random.seed(20240607)
CLASSES = "abc"


def survey(name, count):
    with open(name, "w") as file:
        file.write(
            "x,y,color,size,w,f,g,o_a,o_b,o_c,class,p_a,p_b,p_c,n_a,n_b,n_c,s_a,s_b,s_c,set\n")
        for row in range(count):
            x, y = round(random.gauss(0, 1), 2), round(random.uniform(-2, 3), 2)
            color, size = random.choice(["red", "green", "blue"]), random.choice(["small", "large"])
            logits = [0.4, 0.8 * x - 0.3 * (color == "red"), 0.5 * y - 0.6 * (size == "large")]
            total = sum(map(math.exp, logits))
            q = [math.exp(z) / total for z in logits]
            draw = lambda: random.choices(range(3), q)[0]
            p = [1, 1, 1]
            for _ in range(13):
                p[draw()] += 1
            n = [0, 0, 0]
            for _ in range(random.randint(2, 9)):
                n[draw()] += 1
            label = draw()
            members = sorted({label, random.randrange(3)})
            cells = [
                x, y, color, size, random.randint(1, 8) / 4, random.randint(1, 3), f"g{row % 11}",
                *(random.randint(-4, 4) / 8 for _ in range(3)), CLASSES[label],
                *(k / 16 for k in p), *n, *(int(k in members) for k in range(3)),
                "|".join(CLASSES[k] for k in members)]
            file.write(",".join(map(str, cells)) + "\n")


survey("survey.csv", 72)
survey("heldout.csv", 40)

with open("missing.csv", "w") as file:
    file.write("x,color,class\n")
    for row in range(30):
        x = "" if row % 7 == 3 else round(random.gauss(0, 1), 2)
        color = "" if row % 11 == 5 else random.choice(["red", "blue"])
        file.write(f"{x},{color},{random.choice(CLASSES)}\n")

with open("aliased.csv", "w") as file:
    file.write("x,double,constant,sum,y,class\n")
    for row in range(24):
        x, y = random.randint(0, 9), random.randint(0, 9)
        file.write(f"{x},{2 * x},7,{x + y},{y},{random.choice(CLASSES)}\n")

with open("network.csv", "w") as file:
    file.write("x,y,p_a,p_b\n")
    for row in range(90):
        x, y = (row * 37 % 41 - 20) / 32, (row * 17 % 23 - 11) / 16
        p = 0.8125 if x * y > 0 else 0.1875
        file.write(f"{x},{y},{p},{1 - p}\n")

numbers = numpy.array([[random.randint(-16, 16) / 8 for _ in range(3)] for _ in range(40)])
shares = numpy.array([[1.0] * 3 for _ in range(40)])
for row in shares:
    for _ in range(5):
        row[random.randrange(3)] += 1
numpy.save("features.npy", numbers)
numpy.save("float32.npy", numbers.astype("<f4"))
numpy.save("labels.npy", shares / 8)
