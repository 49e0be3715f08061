package org.iommulab.ui;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.scene.Node;

/** Something that takes the whole window instead of the workbench while it shows. */
public interface Face {

  /** Its content, built when it is first asked for. */
  Node node();

  /** Whether it shows. */
  ReadOnlyBooleanProperty showingProperty();
}
