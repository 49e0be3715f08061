package org.iommulab.ui.stage;

import java.util.Optional;
import org.iommulab.lab.LabView;
import org.iommulab.lab.language.Json;
import org.iommulab.ui.Selected;
import org.iommulab.vtd.cache.CacheLine;

/** What clicking a thing answers: its address, page, function or line in the journal. */
final class Clicked {

  private Clicked() {}

  static Optional<Object> value(LabView view, Selected thing) {
    return switch (thing) {
      case Selected.Entry(long address, var layout, String title) -> Optional.of(Json.hex(address));
      case Selected.Call(var frame) -> Optional.of(frame.function());
      case Selected.JournalLine(int index) -> Optional.of((long) index);
      case Selected.Cached(String cache, int set, int way) ->
          view.unit().stream()
              .flatMap(unit -> unit.iotlb().stream())
              .filter(line -> line.set() == set && line.way() == way)
              .map(CacheLine::page)
              .map(Json::hex)
              .map(Object.class::cast)
              .findFirst();
      case Selected.Nothing _,
          Selected.Address _,
          Selected.DomainAddress _,
          Selected.Stage _,
          Selected.Device _,
          Selected.Domain _,
          Selected.Register _,
          Selected.Fault _,
          Selected.Bytes _ ->
          Optional.empty();
    };
  }
}
