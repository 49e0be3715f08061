package org.iommulab.ui;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.Objects;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** What the window has to say to the person, shown in one calm bar. */
@Singleton
public final class Notices {

  /**
   * One message.
   *
   * @param role how it looks
   * @param words one sentence: what, where, what to do; asked again when the language changes
   * @param offer something the person may do about it, or null
   * @param other something else the person may do, or null
   */
  public record Notice(
      Role role, Supplier<String> words, @Nullable Offer offer, @Nullable Offer other) {

    /** The sentence, in the language in use. */
    public String text() {
      return words.get();
    }

    /** It only tells that something was done: nobody need dismiss it. */
    public boolean isHarmless() {
      return offer == null && role != Role.BAD && role != Role.WARN;
    }
  }

  /**
   * A button beside a message.
   *
   * @param textKey what it says
   * @param accepted what it does
   */
  public record Offer(String textKey, Runnable accepted) {}

  private final ReadOnlyObjectWrapper<@Nullable Notice> current =
      new ReadOnlyObjectWrapper<>(this, "current");

  private final ReadOnlyObjectWrapper<@Nullable Notice> question =
      new ReadOnlyObjectWrapper<>(this, "question");

  private final Texts texts;

  @Inject
  public Notices(Texts texts) {
    this.texts = texts;
  }

  /** The latest message, or the question if there is none, or null. */
  public ReadOnlyObjectProperty<@Nullable Notice> currentProperty() {
    return current.getReadOnlyProperty();
  }

  /** The question that is not decided yet, or null; it stays on show whatever else is said. */
  public ReadOnlyObjectProperty<@Nullable Notice> questionProperty() {
    return question.getReadOnlyProperty();
  }

  /** Shows a message that has one language instead of the one before. */
  public void tell(Role role, String text) {
    tell(role, () -> text);
  }

  /** Shows a message in the language in use. */
  public void tell(Role role, Bilingual words) {
    tell(role, () -> texts.in(words));
  }

  /** Shows a message instead of the one before. */
  public void tell(Role role, Supplier<String> words) {
    current.set(new Notice(role, words, null, null));
  }

  /** Shows a message with a button. */
  public void offer(Role role, Supplier<String> words, String buttonKey, Runnable accepted) {
    current.set(new Notice(role, words, new Offer(buttonKey, accepted), null));
  }

  /**
   * Asks for one of two decisions. The question stays beside whatever else is said until it is
   * decided; only dismissing the question itself puts it off.
   */
  public void ask(Role role, Supplier<String> words, Offer yes, Offer no) {
    Notice asked = new Notice(role, words, yes, no);
    question.set(asked);
    current.set(asked);
  }

  /** Takes away the latest message, or the question if there is none. */
  public void dismiss() {
    dismiss(current.get());
  }

  /** Takes away that message or question, if it still stands. */
  public void dismiss(@Nullable Notice notice) {
    boolean isCurrent = Objects.equals(current.get(), notice);
    if (Objects.equals(question.get(), notice)) {
      question.set(null);
    }
    if (isCurrent) {
      current.set(question.get());
    }
  }
}
