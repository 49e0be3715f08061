package org.iommulab.ui.view.faults;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.linux.KernelView;
import org.iommulab.ui.view.lookup.DeviceName;
import org.iommulab.ui.view.lookup.FaultCount;
import org.iommulab.ui.view.lookup.FaultLine;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.FaultNode;

/** Reads the fault records and what the kernel printed of them; on the laboratory's thread. */
final class FaultQuery {

  /** Most faults of the past listed; the log has all. */
  static final int MOST_READ = 1_000;

  private final LabView view;

  private FaultQuery(LabView view) {
    this.view = view;
  }

  static FaultPicture answer(LabView view) {
    return new FaultQuery(view).picture();
  }

  private FaultPicture picture() {
    List<FaultNode> records = view.tables().faults();
    List<FaultRow> read = read();
    var rows = new ArrayList<FaultRow>();
    records.stream().filter(FaultNode::pending).map(this::row).forEach(rows::add);
    records.stream()
        .filter(FaultCount::isLeft)
        .map(this::row)
        .filter(left -> read.stream().noneMatch(left::isToldBy))
        .forEach(rows::add);
    rows.addAll(read);
    long status = view.tables().registers().fsts();
    boolean overflow = RegisterLayouts.FSTS.field("PFO").isSet(status);
    return new FaultPicture(rows, records.size(), overflow);
  }

  private FaultRow row(FaultNode record) {
    return FaultRow.of(record, DeviceName.of(view, record.source()));
  }

  /** What the kernel has read from this unit, the newest first. */
  private List<FaultRow> read() {
    List<FaultLine> lines =
        view.kernel().map(KernelView::messages).map(FaultLine::in).orElse(List.of()).stream()
            .filter(line -> isOfThisUnit(line.source()))
            .toList();
    var rows = new ArrayList<FaultRow>();
    for (int i = lines.size() - 1; i >= Math.max(0, lines.size() - MOST_READ); i--) {
      FaultLine line = lines.get(i);
      rows.add(FaultRow.of(line, i, DeviceName.of(view, line.source())));
    }
    return rows;
  }

  private boolean isOfThisUnit(SourceId source) {
    return view.machine().flatMap(machine -> machine.unit(source)).equals(view.unit());
  }
}
