package org.iommulab.ui.view.path;

import java.util.Optional;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.LabView;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.vtd.request.WalkPath;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a request, without making it. Of a dump a machine is built that nobody else
 * sees, the dump unchanged underneath; it serves all questions about that dump. Runs on the
 * laboratory's thread.
 */
final class AskedWalk {

  private @Nullable Snapshot dump;
  private @Nullable Laboratory built;

  /** The way the request would take; empty if no unit serves the device. */
  Optional<WalkPath> of(LabView view, DmaAccess request) {
    return machine(view).flatMap(machine -> walk(machine, request));
  }

  private static Optional<WalkPath> walk(MachineView machine, DmaAccess request) {
    SourceId seen = machine.requester(request.source());
    var asked =
        new DmaAccess(
            seen,
            request.address(),
            request.length(),
            request.kind(),
            request.pasid(),
            request.privileged(),
            request.type(),
            request.noWrite());
    return machine.unit(request.source()).map(unit -> unit.probe(asked));
  }

  private Optional<MachineView> machine(LabView view) {
    if (view.isLive()) {
      return view.machine();
    }
    return view.evidence().flatMap(snapshot -> over(snapshot).view().machine());
  }

  private Laboratory over(Snapshot snapshot) {
    Laboratory ready = built;
    if (ready == null || dump != snapshot) {
      ready = new Laboratory();
      ready.open(snapshot);
      ready.fork();
      dump = snapshot;
      built = ready;
    }
    return ready;
  }
}
