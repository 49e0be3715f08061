package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.LabView;
import org.iommulab.ui.LabFacts;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Texts;
import org.iommulab.ui.VirtualTime;
import org.iommulab.ui.view.lookup.FaultCount;
import org.iommulab.vtd.UnitView;
import org.iommulab.vtd.config.CacheGeometry;

/** The figures of the status line. */
final class StatusModel {

  /** Figures that only the machine knows. */
  record MachineFigures(String profile, int filled, int lines, FaultCount faults) {

    static final MachineFigures NONE = new MachineFigures("–", 0, 0, new FaultCount(0, 0));

    static MachineFigures of(LabView view) {
      FaultCount faults = FaultCount.of(view);
      return view.unit()
          .map(unit -> of(unit, faults))
          .orElse(new MachineFigures("–", 0, 0, faults));
    }

    private static MachineFigures of(UnitView unit, FaultCount faults) {
      CacheGeometry shape = unit.configuration().iotlb();
      int lines = shape.isUnbounded() ? 0 : shape.sets() * shape.ways();
      String profile = unit.configuration().profile();
      return new MachineFigures(profile, unit.iotlb().size(), lines, faults);
    }

    String iotlb() {
      return lines == 0 ? Integer.toString(filled) : filled + " / " + lines;
    }
  }

  private final LabModel model;
  private final Texts texts;
  private final ReadOnlyObjectWrapper<MachineFigures> machine =
      new ReadOnlyObjectWrapper<>(MachineFigures.NONE);

  @Inject
  StatusModel(LabModel model, Texts texts) {
    this.model = model;
    this.texts = texts;
    model.momentProperty().subscribe(moment -> model.ask(MachineFigures::of, machine::set));
  }

  ObservableValue<String> snapshot() {
    return model.factsProperty().map(facts -> Long.toString(facts.snapshot()));
  }

  ObservableValue<String> time() {
    return model.factsProperty().map(facts -> VirtualTime.words(facts.timeNs()));
  }

  ObservableValue<String> profile() {
    return machine.map(MachineFigures::profile);
  }

  ObservableValue<String> iotlb() {
    return machine.map(MachineFigures::iotlb);
  }

  /** {@code 0}, or {@code 0 (3 handled)}. */
  ObservableValue<String> faults() {
    return Bindings.createStringBinding(
        () -> words(machine.get().faults()), machine, texts.localeProperty());
  }

  private String words(FaultCount faults) {
    return faults.handled() == 0
        ? Integer.toString(faults.pending())
        : texts.get("status.handled", faults.pending(), faults.handled());
  }

  /** The latest command in effect, as a line of a script. */
  ObservableValue<String> command() {
    return model.factsProperty().map(StatusModel::script);
  }

  private static String script(LabFacts facts) {
    return facts.last().map(JournalEntry::command).map(command -> command.toJson()).orElse("");
  }
}
