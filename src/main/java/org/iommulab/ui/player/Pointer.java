package org.iommulab.ui.player;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.iommulab.bus.SourceId;
import org.iommulab.course.Show;
import org.iommulab.lab.LabView;
import org.iommulab.trace.CallFrame;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;

/** What a step points at, as things that panes select. Runs on the laboratory's thread. */
public final class Pointer {

  private static final int QUADWORD = 8;

  private final LabView view;

  private Pointer(LabView view) {
    this.view = view;
  }

  /** Panes that show what was selected last, whatever it is; others keep a choice of their own. */
  private static final List<String> LAST = List.of("memory", "inspector");

  /** Selects what a step points at, and nothing if it points at nothing. */
  public static void point(LabModel model, Selection selection, List<Show> shows) {
    model.ask(
        view -> of(view, shows),
        things -> {
          selection.clear();
          things.forEach(selection::select);
          selection.outline(
              shows.stream()
                  .flatMap(show -> show.bits().stream())
                  .findFirst()
                  .map(bits -> new Selection.Bits(bits.high(), bits.low())));
        });
  }

  /** The things to select, the most important one last. */
  static List<Selected> of(LabView view, List<Show> shows) {
    var pointer = new Pointer(view);
    var ordered = new ArrayList<>(shows.reversed());
    ordered.sort(Comparator.comparingInt(show -> LAST.indexOf(show.pane())));
    return ordered.stream().flatMap(show -> pointer.thing(show).stream()).toList();
  }

  private Optional<Selected> thing(Show show) {
    Optional<Selected> cached = cached(show);
    if (cached.isPresent()) {
      return cached;
    }
    Optional<Long> iova = show.number("iova");
    Optional<SourceId> device = show.text("device").flatMap(this::device);
    if (device.isPresent()) {
      return Optional.of(
          iova.<Selected>map(at -> new Selected.Address(device.get(), at))
              .orElseGet(() -> new Selected.Device(device.get())));
    }
    return show.number("domain")
        .<Selected>map(
            domain ->
                iova.isPresent()
                    ? new Selected.DomainAddress(domain.intValue(), iova.get())
                    : new Selected.Domain(domain.intValue()))
        .or(() -> show.text("register").map(name -> new Selected.Register(0, name)))
        .or(() -> show.text("call").flatMap(this::call))
        .or(() -> show.number("fault").map(index -> new Selected.Fault(index.intValue())))
        .or(() -> show.number("stage").map(index -> new Selected.Stage(index.intValue())))
        .or(() -> show.number("address").map(at -> new Selected.Bytes(at, QUADWORD)));
  }

  /** The line of the IOTLB that holds an address, or had it. */
  private Optional<Selected> cached(Show show) {
    Long iova = show.number("iova").orElse(null);
    if (!show.pane().equals("iotlb") || iova == null) {
      return Optional.empty();
    }
    return view.unit().stream()
        .flatMap(unit -> unit.iotlb().stream())
        .filter(line -> Long.compareUnsigned(iova - line.page(), line.size()) < 0)
        .findFirst()
        .map(line -> new Selected.Cached("iotlb", line.set(), line.way()));
  }

  private Optional<SourceId> device(String word) {
    return view.machine().stream()
        .flatMap(machine -> machine.devices().stream())
        .filter(d -> d.name().equals(word) || d.source().toString().equals(word))
        .map(device -> device.source())
        .findFirst();
  }

  private Optional<Selected> call(String function) {
    return view.recentCalls().stream()
        .flatMap(Pointer::flat)
        .filter(frame -> frame.function().equals(function))
        .findFirst()
        .map(Selected.Call::new);
  }

  private static Stream<CallFrame> flat(CallFrame frame) {
    return Stream.concat(Stream.of(frame), frame.children().stream().flatMap(Pointer::flat));
  }
}
