package org.iommulab.ui.bench;

import com.google.inject.Inject;
import java.util.List;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import org.iommulab.bus.SourceId;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Texts;

/** The lines of the bench, kept up to date while it is shown. */
final class BenchModel {

  private final LabModel model;
  private final Texts texts;
  private final ReadOnlyObjectWrapper<BenchFacts> facts =
      new ReadOnlyObjectWrapper<>(this, "facts", BenchFacts.NONE);
  private boolean shown;

  @Inject
  BenchModel(LabModel model, Texts texts) {
    this.model = model;
    this.texts = texts;
    model.momentProperty().subscribe(moment -> refresh());
  }

  /** What stands in the laboratory. */
  ReadOnlyObjectProperty<BenchFacts> factsProperty() {
    return facts.getReadOnlyProperty();
  }

  /** The top lines in the language in use. */
  ObservableValue<List<BenchNode>> lines() {
    return Bindings.createObjectBinding(
        () -> BenchTree.lines(facts.get(), texts), facts, texts.localeProperty());
  }

  /** {@code 1 unit · 3 devices}. */
  ObservableValue<String> figures() {
    return Bindings.createStringBinding(
        () ->
            facts.get().units().isEmpty()
                ? ""
                : texts.get(
                    "bench.figures", facts.get().units().size(), facts.get().devices().size()),
        facts,
        texts.localeProperty());
  }

  /** The device that all panes show, if it is one. */
  Optional<SourceId> device() {
    return Optional.ofNullable(model.subject().device());
  }

  /** Lets all panes show that unit. */
  void bringToFront(int unit) {
    model.showUnit(unit);
  }

  /** Starts or stops following the laboratory. */
  void setShown(boolean visible) {
    shown = visible;
    refresh();
  }

  private void refresh() {
    if (shown) {
      model.ask(BenchFacts::of, facts::set);
    }
  }
}
