package org.iommulab.vtd;

import static org.iommulab.vtd.request.PathRecorder.fact;
import static org.iommulab.vtd.request.PathRecorder.hex;

import java.util.Optional;
import org.iommulab.bus.DmaAccess;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.request.PathRecorder;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;

/** How recorded paths end: in memory, in nothing, or at the check that refused. */
final class PathEnds {

  private final PhysicalMemory memory;

  PathEnds(PhysicalMemory memory) {
    this.memory = memory;
  }

  /** The whole path of a request that got this answer. */
  WalkPath path(DmaAccess access, Translation answer, PathRecorder recorder) {
    WalkPath.Outcome outcome = outcome(answer, access, recorder);
    return new WalkPath(access, recorder.steps(), outcome);
  }

  private WalkPath.Outcome outcome(
      Translation translation, DmaAccess access, PathRecorder recorder) {
    return switch (translation) {
      case Translation.Done done -> {
        boolean isMemory = memory.isRam(done.address(), Math.max(access.length(), 1));
        recorder.plain(
            Stage.MEMORY,
            isMemory ? "Memory" : "No memory",
            isMemory ? Outcome.OK : Outcome.MISS,
            hex("address", done.address()),
            fact("rights", Rights.text(done.rights() & 7)));
        yield isMemory
            ? new WalkPath.Reached(done.address(), done.size(), done.rights())
            : new WalkPath.Nothing(done.address(), done.size(), done.rights());
      }
      case Translation.Blocked blocked ->
          new WalkPath.Blocked(blocked.reason(), blocked.recorded(), blocked.cached());
      case Translation.Interrupt interrupt -> new WalkPath.Interrupt(Optional.empty());
      case Translation.Aborted aborted -> new WalkPath.Aborted();
    };
  }
}
