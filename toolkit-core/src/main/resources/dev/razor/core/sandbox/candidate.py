# The process in which the tested program runs. It answers calls with plain values. Nothing that decides about the
# program is here: no expected result, no comparison, no token. Whatever the program does to this process, it can
# only change its own answers.


def described(failure):
    """An exception as the names of its classes and its text; asking for the text runs code of the program."""
    names = [kind.__name__ for kind in type(failure).__mro__]
    try:
        return [names, str(failure)[:300]]
    except BaseException:
        return [names, ""]


def answer(line, function, arguments, keywords):
    try:
        result = function(*arguments, **keywords)
    except Exception as failure:
        return line.send("X", described(failure))
    except BaseException as failure:
        return line.send("N", "the program ended itself with " + type(failure).__name__)
    try:
        line.send("V", encode(result))
    except NotPlain as refusal:
        line.send("N", "the program returned " + str(refusal))
    except Exception as failure:
        line.send("N", "the program's result cannot be sent: " + type(failure).__name__)


def serve(line, job):
    namespace = {}
    try:
        exec(compile(job["program"], "<program>", "exec"), namespace)
        function = namespace[job["entry_point"]]
    except BaseException as failure:
        return line.send("X", described(failure))
    line.send("O")
    while True:
        arguments, keywords = parsed(line.receive())
        answer(line, function, arguments, keywords)


serve(*begin())
