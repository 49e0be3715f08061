package org.iommulab.ui.export;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.iommulab.ui.view.part.LabPane;

/** The pane a person worked in last: what copy and export mean. */
@Singleton
public final class ActivePane {

  private final ReadOnlyObjectWrapper<Optional<LabPane>> pane =
      new ReadOnlyObjectWrapper<>(this, "pane", Optional.empty());

  @Inject
  public ActivePane() {}

  /** The pane, or empty before the first click. */
  public ReadOnlyObjectProperty<Optional<LabPane>> paneProperty() {
    return pane.getReadOnlyProperty();
  }

  /** A person works in that pane now. */
  public void set(LabPane active) {
    pane.set(Optional.of(active));
  }
}
