package org.iommulab.ui.view.faults;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.FaultNode;

/** Reads the fault log; runs on the laboratory's thread. */
final class FaultQuery {

  private FaultQuery() {}

  static FaultPicture answer(LabView view) {
    List<FaultNode> records = view.tables().faults();
    var rows = new ArrayList<FaultRow>();
    for (FaultNode record : records) {
      if (record.pending()) {
        rows.add(
            new FaultRow(record, FaultReason.of(record.reason()), name(view, record.source())));
      }
    }
    long status = view.tables().registers().fsts();
    boolean overflow = RegisterLayouts.FSTS.field("PFO").isSet(status);
    return new FaultPicture(rows, records.size(), overflow);
  }

  private static String name(LabView view, SourceId source) {
    return view.machine().stream()
        .flatMap(machine -> machine.devices().stream())
        .filter(device -> device.source().equals(source))
        .map(PciDevice::name)
        .findFirst()
        .orElse("");
  }
}
