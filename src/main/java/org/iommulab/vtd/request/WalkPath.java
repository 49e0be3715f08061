package org.iommulab.vtd.request;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.DmaAccess;

/**
 * The whole way of one request: every stage with what it read and decided.
 *
 * @param request the request
 * @param steps in the order they happened
 * @param outcome how it ended
 */
public record WalkPath(DmaAccess request, List<WalkStep> steps, RequestOutcome outcome) {

  public WalkPath {
    steps = List.copyOf(steps);
  }

  /** The step that refused the request. */
  public Optional<WalkStep> failedStep() {
    return steps.stream()
        .filter(step -> step.outcome() == WalkStep.Outcome.FAULT)
        .reduce((first, second) -> second);
  }

  /** Number of reads of memory that the translation cost. */
  public long reads() {
    return steps.stream().filter(step -> step.address() >= 0).count();
  }
}
