package org.iommulab.ui.practice;

import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/**
 * A page that takes the window: whether it shows, and how what is worked at stands.
 *
 * @param <T> immutable
 */
abstract class PageModel<T> {

  private final ReadOnlyBooleanWrapper showing = new ReadOnlyBooleanWrapper(this, "showing");
  private final ReadOnlyObjectWrapper<Optional<T>> work =
      new ReadOnlyObjectWrapper<>(this, "work", Optional.empty());

  ReadOnlyBooleanProperty showingProperty() {
    return showing.getReadOnlyProperty();
  }

  /** What is worked at. */
  ReadOnlyObjectProperty<Optional<T>> workProperty() {
    return work.getReadOnlyProperty();
  }

  Optional<T> work() {
    return work.get();
  }

  void setWork(T now) {
    work.set(Optional.of(now));
  }

  /** Shows the page. */
  void show() {
    showing.set(true);
  }

  /** Shows the page again. */
  void open() {
    showing.set(work().isPresent());
  }

  void leave() {
    showing.set(false);
  }
}
