package org.iommulab.ui.form;

import java.util.List;
import org.iommulab.ui.Texts;

/** Fields that make commands. */
interface Form {

  /** Stable id: {@code map}. */
  String id();

  /** What stands on top of it. */
  default String title(Texts texts) {
    return texts.get("form.title." + id());
  }

  /** What the button that gives its command says. */
  default String give(Texts texts) {
    return texts.get("form.give." + id());
  }

  /** Its fields in order. */
  List<FormField> fields();

  /** What the fields say now. */
  Draft draft();

  /** Tells whether a field matters for what is chosen now. */
  default boolean isUsed(FormField field) {
    return true;
  }
}
