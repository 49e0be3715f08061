package org.iommulab.testkit;

import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Notices;
import org.iommulab.ui.player.PresetPlayer;

/** Assertions in the words of the laboratory. */
public final class LabAssert extends AbstractAssert<LabAssert, LabWindow> {

  private LabAssert(LabWindow lab) {
    super(lab, LabAssert.class);
  }

  /** Begins a sentence about a window. */
  public static LabAssert assertThat(LabWindow lab) {
    return new LabAssert(lab);
  }

  /** Since the test began exactly these commands were given; JSON as in scripts. */
  public LabAssert hasGiven(String... commands) {
    List<String> given = actual.given().stream().map(Command::toJson).toList();
    if (!given.equals(List.of(commands))) {
      failWithActualExpectedAndMessage(
          String.join("\n", given), String.join("\n", commands), "other commands were given");
    }
    return this;
  }

  /** So many commands are in effect. */
  public LabAssert hasCommands(int count) {
    if (actual.journal().size() != count) {
      failWithMessage("%d commands are in effect, not %d", actual.journal().size(), count);
    }
    return this;
  }

  /** The preset of that name is played and so many of its steps are done. */
  public LabAssert isAtStep(String preset, int step) {
    PresetPlayer.Progress progress = actual.get(PresetPlayer.class).progress();
    String name = progress.preset().map(each -> each.name()).orElse("none");
    if (!name.equals(preset) || progress.done() != step) {
      failWithMessage("it is at step %d of %s", progress.done(), name);
    }
    return this;
  }

  /** What has an id says these words, among others. */
  public LabAssert shows(String id, String words) {
    String text = Texts.in(actual.find(id));
    if (!text.contains(words)) {
      failWithMessage("%s says \"%s\", not \"%s\"", id, text, words);
    }
    return this;
  }

  /** The latest request ended like that, in the words of the path's header. */
  public LabAssert latestRequest(String outcome) {
    return shows("#path-outcome", outcome);
  }

  /** The message below the toolbar has these words. */
  public LabAssert says(String words) {
    Notices.Notice notice = actual.get(Notices.class).currentProperty().get();
    if (notice == null || !notice.text().contains(words)) {
      failWithMessage("the message is %s", notice == null ? "none" : notice.text());
    }
    return this;
  }

  /** Nothing went wrong: there is no bad message. */
  public LabAssert isCalm() {
    Notices.Notice notice = actual.get(Notices.class).currentProperty().get();
    if (notice != null && notice.role() == org.iommulab.ui.Role.BAD) {
      failWithMessage("the message is %s", notice.text());
    }
    return this;
  }
}
