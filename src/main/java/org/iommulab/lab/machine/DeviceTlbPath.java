package org.iommulab.lab.machine;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.ats.TranslationEntry;
import org.iommulab.vtd.request.RequestOutcome;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep;
import org.iommulab.vtd.request.WalkStep.Fact;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.jspecify.annotations.Nullable;

/** The part of a request's path that lies inside the device: its translation cache. */
final class DeviceTlbPath {

  private static final int NO_PARENT = -1;
  private static final int NOTHING_READ = -1;

  /** The path of a request whose translated form went this way. */
  static WalkPath sent(DmaAccess access, TranslationEntry entry, boolean hit, WalkPath translated) {
    List<WalkStep> steps = start(access, entry, hit ? Outcome.HIT : Outcome.MISS);
    List<WalkStep> rest = translated.steps();
    steps.addAll(rest.subList(1, rest.size()));
    return new WalkPath(access, steps, translated.outcome());
  }

  /** The path of a request that was never sent. */
  static WalkPath unsent(
      DmaAccess access, @Nullable TranslationEntry entry, RequestOutcome outcome) {
    return new WalkPath(access, start(access, entry, Outcome.MISS), outcome);
  }

  private static List<WalkStep> start(
      DmaAccess access, @Nullable TranslationEntry entry, Outcome outcome) {
    var steps = new ArrayList<WalkStep>();
    steps.add(
        step(
            Stage.DEVICE,
            access.source() + " " + access.verb(),
            Outcome.OK,
            null,
            new Fact("address", hex(access.address())),
            new Fact("bytes", Integer.toString(access.length()))));
    if (entry == null) {
      steps.add(step(Stage.DEVICE_TLB, "Device-TLB", outcome, null));
    } else {
      String rights = entry.rights().isEmpty() ? "none" : entry.rights();
      steps.add(
          step(
              Stage.DEVICE_TLB,
              "Device-TLB",
              outcome,
              entry,
              new Fact("page", hex(entry.input().start())),
              new Fact("rights", rights)));
    }
    return steps;
  }

  private static WalkStep step(
      Stage stage, String title, Outcome outcome, @Nullable TranslationEntry entry, Fact... facts) {
    return new WalkStep(
        stage,
        title,
        0,
        NO_PARENT,
        NOTHING_READ,
        entry == null ? List.of() : List.of(entry.raw()),
        entry == null ? null : TranslationEntry.LAYOUT,
        outcome,
        List.of(facts),
        null);
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  private DeviceTlbPath() {}
}
