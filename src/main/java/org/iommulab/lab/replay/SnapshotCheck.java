package org.iommulab.lab.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.tables.TableBrowser;

/** Compares the tables of a replay with those of a dump that was made at the same place. */
public final class SnapshotCheck {

  private SnapshotCheck() {}

  /**
   * What differs for the devices under test, in words.
   *
   * @param mark name of the snapshot in the log
   * @param there the tables of the dump
   */
  public static List<String> differences(CallReplay replay, String mark, TableBrowser there) {
    TableBrowser here = replay.at(mark).view().tables();
    var differences = new ArrayList<String>();
    for (CallLog.Device device : replay.devices()) {
      Optional<SourceId> id = SourceId.parse(device.address());
      String difference =
          id.isEmpty()
              ? "its address cannot be read"
              : TableShape.of(there, id.get()).difference(TableShape.of(here, id.get()));
      if (difference != null) {
        differences.add(device.address() + ": " + difference);
      }
    }
    return differences;
  }
}
