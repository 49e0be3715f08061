package org.iommulab.lab.machine;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.TranslationEntry;
import org.iommulab.bus.ats.TranslationRequest;
import org.iommulab.vtd.request.RequestOutcome;
import org.iommulab.vtd.request.TranslationTrace;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep;
import org.iommulab.vtd.request.WalkStep.Fact;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request by way of the device's translation cache: what the device asked the unit
 * for and was told, then what it sent.
 */
final class DeviceTlbPath {

  private static final int NO_PARENT = -1;
  private static final int NOTHING_READ = -1;

  private final DmaAccess access;
  private final List<WalkStep> steps = new ArrayList<>();

  private DeviceTlbPath(DmaAccess access) {
    this.access = access;
  }

  /**
   * The path of a request that the device sent.
   *
   * @param asked what it asked the unit for before; null if its cache had the answer
   * @param translated the way of what it sent
   */
  static WalkPath sent(
      DmaAccess access,
      DeviceTlb.Send send,
      @Nullable TranslationTrace asked,
      WalkPath translated) {
    var path = new DeviceTlbPath(access);
    path.begin(asked == null ? send.entry() : null);
    path.add(asked);
    path.steps.add(
        step(
            Stage.SENT,
            send.access().type() == DmaAccess.AddressType.TRANSLATED
                ? "translated request"
                : "untranslated request",
            Outcome.OK,
            null,
            new Fact("address", hex(send.access().address()))));
    List<WalkStep> rest = translated.steps();
    path.steps.addAll(rest.subList(1, rest.size()));
    return new WalkPath(access, path.steps, translated.outcome());
  }

  /** The path of a request that was never sent, as the answer did not allow it. */
  static WalkPath unsent(
      DmaAccess access, @Nullable TranslationTrace asked, RequestOutcome outcome) {
    var path = new DeviceTlbPath(access);
    path.begin(null);
    path.add(asked);
    return new WalkPath(access, path.steps, outcome);
  }

  private void begin(@Nullable TranslationEntry cached) {
    steps.add(
        step(
            Stage.DEVICE,
            access.source() + " " + access.verb(),
            Outcome.OK,
            null,
            new Fact("address", hex(access.address())),
            new Fact("bytes", Integer.toString(access.length()))));
    steps.add(
        cached == null
            ? step(Stage.DEVICE_TLB, "Device-TLB", Outcome.MISS, null)
            : step(Stage.DEVICE_TLB, "Device-TLB", Outcome.HIT, cached, facts(cached)));
  }

  private void add(@Nullable TranslationTrace trace) {
    if (trace == null) {
      return;
    }
    TranslationRequest asked = trace.asked();
    steps.add(
        step(
            Stage.TRANSLATION_REQUEST,
            "Translation request",
            Outcome.OK,
            null,
            new Fact("page", hex(asked.address())),
            new Fact("rights", wanted(asked))));
    List<TranslationEntry> entries = trace.completion().entries();
    // What is not granted is no fault here but part of the answer.
    trace.steps().stream()
        .map(step -> entries.isEmpty() ? step : narrowed(step))
        .forEach(steps::add);
    if (entries.isEmpty()) {
      steps.add(
          step(
              Stage.COMPLETION,
              "Answer",
              Outcome.MISS,
              null,
              new Fact("status", trace.completion().status().word())));
    } else {
      TranslationEntry first = entries.getFirst();
      steps.add(
          step(
              Stage.COMPLETION,
              "Answer",
              first.isNone() ? Outcome.NARROWED : Outcome.OK,
              first,
              facts(first)));
    }
  }

  private static String wanted(TranslationRequest asked) {
    return "r" + (asked.noWrite() ? "" : "w") + (asked.execute() ? "x" : "");
  }

  private static Fact[] facts(TranslationEntry entry) {
    String rights = entry.rights().isEmpty() ? "none" : entry.rights();
    return new Fact[] {new Fact("page", hex(entry.input().start())), new Fact("rights", rights)};
  }

  private static WalkStep narrowed(WalkStep step) {
    return step.outcome() != Outcome.FAULT
        ? step
        : new WalkStep(
            step.stage(),
            step.title(),
            step.level(),
            step.parentLevel(),
            step.address(),
            step.quadwords(),
            step.layout(),
            Outcome.NARROWED,
            step.facts(),
            null);
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
}
