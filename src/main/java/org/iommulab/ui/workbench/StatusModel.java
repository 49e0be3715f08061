package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.LabView;
import org.iommulab.ui.LabFacts;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.VirtualTime;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.tables.FaultNode;

/** The figures of the status line. */
final class StatusModel {

  /** Figures that only the machine knows. */
  record MachineFigures(String profile, int filled, int lines, int faults) {

    static final MachineFigures NONE = new MachineFigures("–", 0, 0, 0);

    static MachineFigures of(LabView view) {
      int faults = (int) view.tables().faults().stream().filter(FaultNode::pending).count();
      return view.unit()
          .map(unit -> of(unit, faults))
          .orElse(new MachineFigures("–", 0, 0, faults));
    }

    private static MachineFigures of(RemappingUnit unit, int faults) {
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
  private final ReadOnlyObjectWrapper<MachineFigures> machine =
      new ReadOnlyObjectWrapper<>(MachineFigures.NONE);

  @Inject
  StatusModel(LabModel model) {
    this.model = model;
    model.factsProperty().subscribe(facts -> model.ask(MachineFigures::of, machine::set));
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

  ObservableValue<String> faults() {
    return machine.map(figures -> Integer.toString(figures.faults()));
  }

  /** The latest command in effect, as a line of a script. */
  ObservableValue<String> command() {
    return model.factsProperty().map(StatusModel::script);
  }

  private static String script(LabFacts facts) {
    return facts.last().map(JournalEntry::command).map(command -> command.toJson()).orElse("");
  }
}
