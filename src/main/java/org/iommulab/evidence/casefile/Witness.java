package org.iommulab.evidence.casefile;

import java.util.Locale;
import java.util.Optional;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.vtd.tables.TableBrowser;

/**
 * Which of several snapshots shows a fault as it happened. No dump says when it was taken on the
 * clock of the log; but tables that refuse the request, and for the same reason, are nearer to the
 * moment of the fault than tables that let it through.
 */
final class Witness {

  private static final int SAME_REASON = 2;

  private Witness() {}

  /** The snapshot, with the unit of the requester in front; the first of those that fit alike. */
  static Optional<Snapshot> of(Case opened, LogFault fault) {
    String bdf = fault.bdf();
    Long address = fault.address();
    SourceId source = bdf == null ? null : SourceId.parse(bdf).orElse(null);
    if (source == null || address == null || fault.kind() == LogFault.Kind.INTERRUPT) {
      return opened.snapshots().stream().findFirst();
    }
    Snapshot best = null;
    int most = -1;
    for (Snapshot snapshot : opened.snapshots()) {
      Snapshot own = snapshot.ofUnit(unit(snapshot, source));
      int agrees = agreement(own.tables(), source, fault, address);
      if (agrees > most) {
        most = agrees;
        best = own;
      }
    }
    return Optional.ofNullable(best);
  }

  /** The unit that has an entry for a requester, in whatever segment; else the one in front. */
  static int unit(Snapshot snapshot, SourceId source) {
    for (int unit = 0; unit < snapshot.units().size(); unit++) {
      if (snapshot.ofUnit(unit).tables().context(source).isPresent()) {
        return unit;
      }
    }
    return snapshot.front();
  }

  private static int agreement(TableBrowser tables, SourceId source, LogFault fault, long address) {
    Pasid pasid = Pasid.of(fault.pasid());
    Whereabouts found = Whereabouts.of(tables, source, pasid, address);
    boolean write = fault.kind() == LogFault.Kind.DMA_WRITE;
    boolean denied =
        found
            .at()
            .filter(range -> write ? !range.rights().write() : !range.rights().read())
            .isPresent();
    if (denied) {
      return SAME_REASON;
    }
    if (found.end().reached()) {
      return 0;
    }
    Integer code = fault.reason().code();
    String reason = code == null ? "?" : String.format(Locale.ROOT, "%02Xh", code);
    return found.end().sentence().english().contains(reason) ? SAME_REASON : 1;
  }
}
