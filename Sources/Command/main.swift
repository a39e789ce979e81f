print("surprisal")
