package org.iommulab.ui.form;

import java.util.List;

/** Fields that make commands. */
interface Form {

  /** Stable id: {@code map}. */
  String id();

  /** Its fields in order. */
  List<FormField> fields();

  /** What the fields say now. */
  Draft draft();

  /** Tells whether a field matters for what is chosen now. */
  default boolean isUsed(FormField field) {
    return true;
  }
}
