package org.iommulab.vtd;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.FaultReason;
import org.jspecify.annotations.Nullable;

/** Walks first-stage tables, alone or nested. */
final class FirstStageWalker {
  FirstStageWalker(UnitConfiguration configuration, PhysicalMemory memory, SecondStageWalker second) {}
  long output() { return 0; }
  int level() { return 1; }
  int rights() { return 0; }
  int reads() { return 0; }
  @Nullable FaultReason walk(Request request, Binding binding, Reasons reasons) {
    return FaultReason.FIRST_STAGE_NOT_PRESENT;
  }
}
