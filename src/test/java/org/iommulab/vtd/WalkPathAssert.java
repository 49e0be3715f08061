package org.iommulab.vtd;

import org.assertj.core.api.AbstractAssert;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep;

/** Facts about the way of a request. */
final class WalkPathAssert extends AbstractAssert<WalkPathAssert, WalkPath> {

  private WalkPathAssert(WalkPath actual) {
    super(actual, WalkPathAssert.class);
  }

  static WalkPathAssert assertThat(WalkPath path) {
    return new WalkPathAssert(path);
  }

  WalkPathAssert reaches(long address) {
    if (!(actual.outcome() instanceof Translation.Done reached)
        || !reached.memory()
        || reached.address() != address) {
      throw failure("expected to reach 0x%x but: %s", address, describe());
    }
    return this;
  }

  WalkPathAssert faultsWith(FaultReason reason) {
    if (!(actual.outcome() instanceof Translation.Blocked blocked) || blocked.reason() != reason) {
      throw failure("expected %s but: %s", reason, describe());
    }
    return this;
  }

  WalkPathAssert atLevel(int level) {
    int failed = actual.failedStep().map(WalkStep::level).orElse(-1);
    if (failed != level) {
      throw failure("expected the fault at level %d but it is at %d", level, failed);
    }
    return this;
  }

  WalkPathAssert isRecorded() {
    if (!(actual.outcome() instanceof Translation.Blocked blocked) || !blocked.recorded()) {
      throw failure("expected a recorded fault but: %s", describe());
    }
    return this;
  }

  WalkPathAssert isNotRecorded() {
    if (!(actual.outcome() instanceof Translation.Blocked blocked) || blocked.recorded()) {
      throw failure("expected an unrecorded fault but: %s", describe());
    }
    return this;
  }

  WalkPathAssert isAborted() {
    if (!(actual.outcome() instanceof Translation.Aborted)) {
      throw failure("expected an abort but: %s", describe());
    }
    return this;
  }

  WalkPathAssert hits(WalkStep.Stage stage) {
    boolean hit =
        actual.steps().stream()
            .anyMatch(step -> step.stage() == stage && step.outcome() == WalkStep.Outcome.HIT);
    if (!hit) {
      throw failure("expected a hit at %s but: %s", stage, describe());
    }
    return this;
  }

  private String describe() {
    return actual.outcome() + " by way of " + actual.steps();
  }
}
