"""Which pod may stop now, and who takes over from a leader. Decides from what it is given alone."""

COORDINATOR = 0


def waits_for(me, found):
    """What pod `me` has to wait for, as words for the log; None when it is its turn."""
    others = [pod for pod in found if pod.name != me.name]
    return within_the_group(me, [pod for pod in others if pod.group == me.group]) or (
        until_workers_rest(others) if me.group == COORDINATOR else among_leaders(me, others)
    )


def within_the_group(me, mates):
    for pod in mates:
        if pod.deadline and pod.turn < me.turn:
            return f"{pod.name} to stop"
    staying = [pod for pod in mates if not pod.deadline]
    for pod in staying:
        if not pod.ready:
            return f"{pod.name} to be ready"
    # Ordinals below those that stay belong to pods that are about to be made again.
    present = {pod.ordinal for pod in mates} | {me.ordinal}
    highest = max((pod.ordinal for pod in staying), default=-1)
    for ordinal in range(highest):
        if ordinal not in present:
            return f"pod {ordinal} of group {me.group} to exist"
    return None


def until_workers_rest(others):
    """A group rests when no pod leaves or is new and not ready, and all have the same template."""
    revisions = {}
    for pod in others:
        if pod.group == COORDINATOR:
            continue
        if pod.deadline:
            return f"{pod.name} to be replaced"
        if pod.young and not pod.ready:
            return f"{pod.name} to be ready"
        if revisions.setdefault(pod.group, pod.revision) != pod.revision:
            return f"group {pod.group} to be replaced"
    return None


def among_leaders(me, others):
    """A worker's leader changes while every other group has one."""
    if not me.leads:
        return None
    for group in sorted({pod.group for pod in others} - {me.group}):
        mates = [pod for pod in others if pod.group == group]
        leaders = [pod for pod in mates if pod.leads]
        if not leaders and any(not pod.deadline for pod in mates):
            return f"a leader of group {group}"
        # The coordinator waits for the workers.
        if group != COORDINATOR and leaders and all(pod.deadline and pod.turn < me.turn for pod in leaders):
            return f"group {group} to have another leader"
    return None


def candidates(me, found):
    """Who may take over, best first: pods that were replaced already, so that they lead but once."""
    fit = [
        pod for pod in found
        if pod.group == me.group and pod.name != me.name and pod.ready and not pod.deadline
    ]
    return sorted(fit, key=lambda pod: (pod.revision == me.revision, pod.ordinal))
