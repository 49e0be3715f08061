package org.iommulab.ui;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** What is selected, shared by all panes: choose a thing anywhere and every view shows its side. */
@Singleton
public final class Selection {

  private final ReadOnlyObjectWrapper<Selected> selected =
      new ReadOnlyObjectWrapper<>(this, "selected", new Selected.Nothing());

  private final ReadOnlyObjectWrapper<Optional<Bits>> outlined =
      new ReadOnlyObjectWrapper<>(this, "outlined", Optional.empty());

  /** Bits of the selected structure, both ends included. */
  public record Bits(int high, int low) {

    /** Whether a bit is one of them. */
    public boolean has(int bit) {
      return bit >= low && bit <= high;
    }
  }

  @Inject
  public Selection() {}

  /** The bits that a lesson points at; they belong to the thing that is selected. */
  public ReadOnlyObjectProperty<Optional<Bits>> outlinedProperty() {
    return outlined.getReadOnlyProperty();
  }

  /** Points at bits of the selected thing until something else is selected. */
  public void outline(Optional<Bits> bits) {
    outlined.set(bits);
  }

  /** The selected thing; never null. */
  public ReadOnlyObjectProperty<Selected> selectedProperty() {
    return selected.getReadOnlyProperty();
  }

  /** The selected thing; never null. */
  public Selected get() {
    return selected.get();
  }

  /** Selects a thing. */
  public void select(Selected thing) {
    outlined.set(Optional.empty());
    selected.set(thing);
  }

  /** Selects nothing. */
  public void clear() {
    outlined.set(Optional.empty());
    selected.set(new Selected.Nothing());
  }
}
