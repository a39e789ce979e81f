"""Five steps of AdamW in PyTorch, from given parameters over given batches: network.json.

Needs torch (2.x, CPU). Everything is in double precision. Weights decay, biases, gains and shifts do not.
"""
import json
import torch

torch.manual_seed(20)
torch.set_default_dtype(torch.float64)


def case(name, hidden, activation, normalized, skip, sizes=(5, 3), rows=24, batch=8):
    features, classes = sizes
    widths = [features] + hidden + [classes]
    x = torch.randn(rows, features)
    p = torch.softmax(2 * torch.randn(rows, classes), 1)
    linear = [torch.nn.Linear(a, b) for a, b in zip(widths, widths[1:])]
    norms = [torch.nn.LayerNorm(w) if normalized else None for w in hidden]
    direct = torch.nn.Linear(features, classes, bias=False) if skip else None
    act = {"relu": torch.relu, "tanh": torch.tanh,
           "gelu": lambda z: torch.nn.functional.gelu(z, approximate="tanh")}[activation]
    for norm in norms:
        if norm is not None:
            torch.nn.init.uniform_(norm.weight, 0.5, 1.5)
            torch.nn.init.uniform_(norm.bias, -0.5, 0.5)

    def forward(rows):
        a = rows
        for layer, norm in zip(linear[:-1], norms):
            a = layer(a)
            a = act(norm(a) if norm is not None else a)
        z = linear[-1](a)
        return z + direct(rows) if direct is not None else z

    weights = [l.weight for l in linear] + ([direct.weight] if direct is not None else [])
    others = []
    for i, layer in enumerate(linear):
        others.append(layer.bias)
        if i < len(norms) and norms[i] is not None:
            others += [norms[i].weight, norms[i].bias]

    def flat():
        return [float(v) for t in weights + others for v in t.detach().reshape(-1)]

    start = flat()
    optimizer = torch.optim.AdamW(
        [{"params": weights, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}], lr=0.01)
    order = torch.randperm(rows).tolist() + torch.randperm(rows).tolist()
    losses = []
    for step in range(5):
        index = order[step * batch:(step + 1) * batch]
        loss = torch.nn.functional.cross_entropy(forward(x[index]), p[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return {"name": name, "hidden": hidden, "activation": activation, "normalized": int(normalized),
            "skip": int(skip), "features": x.tolist(), "labels": p.tolist(), "start": start,
            "order": order, "batch": batch, "learning_rate": 0.01, "decay": 0.1,
            "losses": losses, "end": flat()}


cases = [
    case("one relu layer", [7], "relu", False, False),
    case("two gelu layers, normalised, with a skip", [6, 4], "gelu", True, True),
    case("tanh", [5, 5, 4], "tanh", False, False),
]
json.dump({"torch": torch.__version__, "cases": cases}, open("network.json", "w"), indent=1)
