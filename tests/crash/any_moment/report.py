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


def count_steps(results):
    """At which steps it was killed right after a commit, and right before one."""
    counts = {"after": collections.Counter(), "before": collections.Counter()}
    for kill in [kill for result in results for kill in result.kills]:
        if kill.reached and kill.moment.kind == "commit":
            counts[kill.moment.value.partition(":")[0]][kill.steps[0]] += 1
    return counts


def missing_sides(story, results):
    """(side, step) of what it was not killed at; nothing comes after the last step."""
    counts = count_steps(results)
    steps = [step for step in steps_of(story, set(counts["after"]) | set(counts["before"]))
             if must_be_seen(story, step)]
    return [(side, step) for side in counts for step in steps
            if counts[side][step] == 0 and (side, step) != ("before", story.steps[-1])]


def missed_calls(results):
    """Of the calls of Docker at which it was to be killed."""
    return [str(kill.moment) for result in results for kill in result.kills
            if kill.moment.kind in ("asked", "stopped", "done") and not kill.reached]


def print_table(story, results):
    counts = count_steps(results)
    print("%s: killed" % story.name)
    print("    %-45s %12s %17s" % ("when the journal said", "right after", "before the next"))
    for step in steps_of(story, set(counts["after"]) | set(counts["before"])):
        print("    %-45s %12d %17d" % (step, counts["after"][step], counts["before"][step]))


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
    """The exit status. `told` has the systematic results of each story."""
    missing = []
    for story, results in told:
        print_table(story, results)
        missing += ["%s: %s %s" % (story.name, side, step)
                    for side, step in missing_sides(story, results) if is_complete]
        missing += ["%s: %s" % (story.name, moment) for moment in missed_calls(results)]
    print_random(others)
    results = [result for _, results in told for result in results] + others
    print_sums(results)
    lost = sum(result.lost for result in proofs)
    print("with synchronous=NORMAL: %d runs, %d of %d acknowledgements lost" % (
        len(proofs), lost, sum(result.acknowledged for result in proofs)))
    status = print_faults(results)
    for step in missing:
        print("FAILED: not killed at: %s" % step)
    if lost == 0:
        print("FAILED: with synchronous=NORMAL nothing was lost, so this proves nothing")
    return 1 if status or missing or lost == 0 else 0
