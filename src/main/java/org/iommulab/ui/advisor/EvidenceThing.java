package org.iommulab.ui.advisor;

import java.util.Optional;
import org.iommulab.lab.LabView;
import org.iommulab.lab.advice.Evidence;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Subject;
import org.iommulab.ui.view.lookup.EntryLayout;
import org.iommulab.ui.view.lookup.EntryPlace;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.tables.ContextNode;

/** What the advisor points at, as a thing that panes select. Runs on the laboratory's thread. */
final class EvidenceThing {

  private static final long ENTRY = 8;

  private EvidenceThing() {}

  static Optional<Selected> of(LabView view, Subject subject, Evidence evidence) {
    long value = evidence.value();
    return switch (evidence.kind()) {
      case COMMAND -> Optional.of(new Selected.JournalLine((int) value));
      case ENTRY -> Optional.of(entry(view, value));
      case CACHE_LINE -> line(view, value).or(() -> address(subject, value));
      case DESCRIPTOR -> Optional.of(descriptor(view, value));
      case REGISTER -> Optional.of(new Selected.Register(subject.unit(), evidence.text()));
      case MAPPING -> address(subject, value);
    };
  }

  private static Selected entry(LabView view, long address) {
    return EntryPlace.of(view.tables(), address)
        .<Selected>map(
            place ->
                new Selected.Entry(
                    address,
                    EntryLayout.of(
                        place.key().stage(),
                        place.table().level(),
                        view.memory().readQword(address)),
                    place.title()))
        .or(() -> context(view, address))
        .orElseGet(() -> new Selected.Bytes(address, ENTRY));
  }

  private static Optional<Selected> context(LabView view, long address) {
    return view.tables().contexts().stream()
        .filter(ContextNode.Legacy.class::isInstance)
        .filter(context -> context.address() == (address & -16L))
        .findFirst()
        .map(
            context ->
                new Selected.Entry(
                    context.address(), ContextEntry.LAYOUT, "CTX " + context.source()));
  }

  private static Optional<Selected> line(LabView view, long iova) {
    return view.unit().stream()
        .flatMap(unit -> unit.iotlb().stream())
        .filter(line -> Long.compareUnsigned(iova - line.page(), line.size()) < 0)
        .findFirst()
        .map(line -> new Selected.Cached("iotlb", line.set(), line.way()));
  }

  private static Selected descriptor(LabView view, long address) {
    InvalidationDescriptor kind = InvalidationDescriptor.of(view.memory().readQword(address));
    return kind == null
        ? new Selected.Bytes(address, 2 * ENTRY)
        : new Selected.Entry(address, kind.layout(), kind.code());
  }

  private static Optional<Selected> address(Subject subject, long iova) {
    var device = subject.device();
    if (device != null) {
      return Optional.of(new Selected.Address(device, iova));
    }
    return subject.domain() < 0
        ? Optional.empty()
        : Optional.of(new Selected.DomainAddress(subject.domain(), iova));
  }
}
