package org.iommulab.vtd.request;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.DmaAccess;
import org.iommulab.vtd.layout.FaultReason;

/**
 * The whole way of one request: every stage with what it read and decided.
 *
 * @param request the request
 * @param steps in the order they happened
 * @param outcome how it ended
 */
public record WalkPath(DmaAccess request, List<WalkStep> steps, Outcome outcome) {

  /** How a request ended. */
  public sealed interface Outcome {}

  /**
   * It reached memory.
   *
   * @param address physical address
   * @param size bytes of the page
   * @param rights {@link Rights} of the page
   */
  public record Reached(long address, long size, int rights) implements Outcome {}

  /**
   * It was translated to an address that is not memory.
   *
   * @param address physical address
   * @param size bytes of the page
   * @param rights {@link Rights} of the page
   */
  public record Nothing(long address, long size, int rights) implements Outcome {}

  /**
   * It was refused.
   *
   * @param reason the failed check
   * @param recorded whether a fault record tells of it
   * @param cached whether a cached entry decided
   */
  public record Blocked(FaultReason reason, boolean recorded, boolean cached) implements Outcome {}

  /** It is an interrupt request; where it went if it was one. */
  public record Interrupt(Optional<InterruptOutcome> interrupt) implements Outcome {}

  /** All DMA is aborted. */
  public record Aborted() implements Outcome {}

  public WalkPath {
    steps = List.copyOf(steps);
  }

  /** The step that refused the request. */
  public Optional<WalkStep> failedStep() {
    return steps.stream()
        .filter(step -> step.outcome() == WalkStep.Outcome.FAULT)
        .reduce((first, second) -> second);
  }

  /** The unit's answer without the way to it. */
  public Translation translation() {
    return switch (outcome) {
      case Reached done -> new Translation.Done(done.address(), done.size(), done.rights());
      case Nothing done -> new Translation.Done(done.address(), done.size(), done.rights());
      case Blocked blocked ->
          new Translation.Blocked(blocked.reason(), blocked.recorded(), blocked.cached());
      case Interrupt interrupt -> new Translation.Interrupt(request.address());
      case Aborted aborted -> new Translation.Aborted();
    };
  }

  /** Number of reads of memory that the translation cost. */
  public long reads() {
    return steps.stream().filter(step -> step.address() >= 0).count();
  }
}
