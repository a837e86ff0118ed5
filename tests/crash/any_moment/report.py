"""What the runs have shown, for a person."""
import collections


def print_faults(results):
    """The exit status."""
    failed = [result for result in results if result.faults]
    for result in failed:
        print("FAILED: %s" % result.name)
        for kill in result.kills:
            print("    killed at %s%s: %s" % (kill.moment, "" if kill.reached else " (not reached)",
                                              "; ".join(kill.steps)))
        for fault in result.faults:
            print("    " + fault.replace("\n", "\n    "))
    return 1 if failed else 0


def steps_of(story, seen):
    """All that is to be seen, in its order."""
    schema = sorted(step for step in seen if "schema" in step)
    return schema + story.steps + sorted(set(seen) - set(schema) - set(story.steps))


def must_be_seen(story, step):
    return step in story.steps or (step.startswith("schema") and not story.begins_with_schema)


def print_table(story, results, is_complete):
    """The steps that it was not killed right after, or not right before the next one of."""
    after, before = collections.Counter(), collections.Counter()
    for kill in [kill for result in results for kill in result.kills]:
        if kill.reached and kill.moment.kind == "commit":
            (after if kill.moment.value.startswith("after") else before)[kill.steps[0]] += 1
    steps = steps_of(story, set(after) | set(before))
    print("%s: killed" % story.name)
    print("    %-45s %12s %17s" % ("when the journal said", "right after", "before the next"))
    for step in steps:
        print("    %-45s %12d %17d" % (step, after[step], before[step]))
    return [step for step in steps if is_complete and must_be_seen(story, step) and
            (after[step] == 0 or (before[step] == 0 and step != story.steps[-1]))]


def print_random(results):
    where, kinds = collections.Counter(), collections.Counter()
    for result in results:
        for kill in result.kills:
            kinds[kill.moment.kind if kill.reached else "at rest"] += 1
            where.update(kill.steps)
    print("random: %d runs, killed %d times: %s" % (
        len(results), sum(kinds.values()),
        ", ".join("%s %d" % (kind, count) for kind, count in kinds.most_common())))
    print("    containers stood at:")
    for step, count in sorted(where.items()):
        print("    %5d %s" % (count, step))


def print_sums(results):
    def total(name):
        return sum(getattr(result, name) for result in results)
    kills = [kill for result in results for kill in result.kills]
    print("in all: %d runs, %d kills; %d acknowledgements looked for after kills, %d at the end, "
          "%d lost" % (len(results), len(kills), sum(kill.acknowledged for kill in kills),
                       total("acknowledged"), total("lost")))
    print("    %d attempts decided, %d starts by the engine; %d outcomes, told in %d posts" % (
        total("attempts"), total("starts"), total("outcomes"), total("told")))


def print_report(told, others, proofs, is_complete):
    """The exit status."""
    missing = []
    for story in {id(story): story for story, _ in told}.values():
        mine = [result for other, result in told if other is story]
        missing += ["%s: %s" % (story.name, step)
                    for step in print_table(story, mine, is_complete)]
    print_random(others)
    results = [result for _, result in told] + others
    print_sums(results)
    lost = sum(result.lost for result in proofs)
    print("with synchronous=NORMAL: %d runs, %d of %d acknowledgements lost" % (
        len(proofs), lost, sum(result.acknowledged for result in proofs)))
    status = print_faults(results)
    for step in missing:
        print("FAILED: not killed on both sides of a step: %s" % step)
    if lost == 0:
        print("FAILED: with synchronous=NORMAL nothing was lost, so this proves nothing")
    return 1 if status or missing or lost == 0 else 0
