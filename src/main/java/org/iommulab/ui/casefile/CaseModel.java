package org.iommulab.ui.casefile;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.iommulab.evidence.casefile.CaseExplanation;
import org.jspecify.annotations.Nullable;

/** The case that is open, if one is. */
@Singleton
public final class CaseModel {

  private final ReadOnlyObjectWrapper<@Nullable CaseExplanation> opened =
      new ReadOnlyObjectWrapper<>();

  @Inject
  public CaseModel() {}

  /** The case, explained; null if there is none. */
  public ReadOnlyObjectProperty<@Nullable CaseExplanation> openedProperty() {
    return opened.getReadOnlyProperty();
  }

  /** Shows another case. */
  public void open(CaseExplanation explained) {
    opened.set(explained);
  }
}
