package org.iommulab.lab.machine;

import java.util.function.BooleanSupplier;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.PageRequestMessage;
import org.iommulab.bus.ats.TranslationAgent;
import org.iommulab.bus.ats.TranslationCompletion;
import org.iommulab.bus.ats.TranslationRequest;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.request.TranslationTrace;
import org.jspecify.annotations.Nullable;

/** The unit above an endpoint, listened to: keeps what was asked last and how it was answered. */
final class ListenedAgent implements TranslationAgent {

  private final RemappingUnit unit;
  private final BooleanSupplier tracing;
  private @Nullable TranslationTrace last;

  /**
   * Listens to a unit.
   *
   * @param tracing whether somebody wants to see the stages
   */
  ListenedAgent(RemappingUnit unit, BooleanSupplier tracing) {
    this.unit = unit;
    this.tracing = tracing;
  }

  @Override
  public TranslationCompletion translate(TranslationRequest request) {
    if (!tracing.getAsBoolean()) {
      return unit.translate(request);
    }
    TranslationTrace trace = unit.trace(request);
    last = trace;
    return trace.completion();
  }

  @Override
  public void invalidationCompleted(SourceId source, int tag) {
    unit.invalidationCompleted(source, tag);
  }

  @Override
  public Receipt request(PageRequestMessage message) {
    return unit.request(message);
  }

  /** What was asked since the last call; null if nothing was. */
  @Nullable TranslationTrace take() {
    TranslationTrace taken = last;
    last = null;
    return taken;
  }
}
