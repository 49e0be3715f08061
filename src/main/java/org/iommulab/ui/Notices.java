package org.iommulab.ui;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.Objects;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/** What the window has to say to the person, shown in one calm bar until it is dismissed. */
@Singleton
public final class Notices {

  /**
   * One message.
   *
   * @param role how it looks
   * @param text one sentence: what, where, what to do
   * @param offer something the person may do about it, or null
   * @param other something else the person may do, or null
   */
  public record Notice(Role role, String text, @Nullable Offer offer, @Nullable Offer other) {}

  /**
   * A button beside a message.
   *
   * @param textKey what it says
   * @param accepted what it does
   */
  public record Offer(String textKey, Runnable accepted) {}

  private final ReadOnlyObjectWrapper<@Nullable Notice> current =
      new ReadOnlyObjectWrapper<>(this, "current");

  private @Nullable Notice question;

  @Inject
  public Notices() {}

  /** The message on show, or null. */
  public ReadOnlyObjectProperty<@Nullable Notice> currentProperty() {
    return current.getReadOnlyProperty();
  }

  /** Shows a message instead of the one before. */
  public void tell(Role role, String text) {
    current.set(new Notice(role, text, null, null));
  }

  /** Shows a message with a button. */
  public void offer(Role role, String text, String buttonKey, Runnable accepted) {
    current.set(new Notice(role, text, new Offer(buttonKey, accepted), null));
  }

  /**
   * Asks for one of two decisions. A message that comes in between hides the question until it is
   * dismissed itself; only dismissing the question puts it off.
   */
  public void ask(Role role, String text, Offer yes, Offer no) {
    Notice asked = new Notice(role, text, yes, no);
    question = asked;
    current.set(asked);
  }

  /** Takes the message away. */
  public void dismiss() {
    if (Objects.equals(current.get(), question)) {
      question = null;
    }
    current.set(question);
  }
}
