package org.iommulab.ui;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** What is selected, shared by all panes: choose a thing anywhere and every view shows its side. */
@Singleton
public final class Selection {

  private final ReadOnlyObjectWrapper<Selected> selected =
      new ReadOnlyObjectWrapper<>(this, "selected", new Selected.Nothing());

  @Inject
  public Selection() {}

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
    selected.set(thing);
  }

  /** Selects nothing. */
  public void clear() {
    selected.set(new Selected.Nothing());
  }
}
