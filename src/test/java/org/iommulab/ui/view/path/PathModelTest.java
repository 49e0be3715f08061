package org.iommulab.ui.view.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.junit.jupiter.api.Test;

class PathModelTest {

  private final PathModel model = new PathModel();

  /** One letter a stage: p passed, o off, m miss. */
  private static PathPicture picture(String states) {
    var stages = new ArrayList<Stage>();
    for (char c : states.toCharArray()) {
      Stage.State state =
          switch (c) {
            case 'o' -> Stage.State.OFF;
            case 'm' -> Stage.State.MISS;
            default -> Stage.State.PASSED;
          };
      String id = "s" + stages.size();
      stages.add(
          new Stage(id, Phrase.literal(id), state, null, Phrase.NONE, Phrase.NONE, false, null));
    }
    return new PathPicture(
        Phrase.NONE, Mark.good(Phrase.NONE), Phrase.NONE, List.copyOf(stages), null);
  }

  private void show(String states) {
    model.show(new PathAnswer(picture(states), PathAnswer.When.NOW));
  }

  @Test
  void newRequestIsShownAsAWhole() {
    show("pomp");
    assertThat(model.positionProperty().get()).isEqualTo(3);
    assertThat(model.highlightedProperty().get()).isEqualTo(-1);
  }

  @Test
  void stepAfterTheEndStartsAgainAndSkipsWhatIsOff() {
    show("pomp");
    model.step();
    assertThat(model.positionProperty().get()).isZero();
    model.step();
    assertThat(model.positionProperty().get()).isEqualTo(2);
    assertThat(model.highlightedProperty().get()).isEqualTo(2);
  }

  @Test
  void stepBackSkipsWhatIsOffAndStopsAtTheFirst() {
    show("pomp");
    model.stepBack();
    model.stepBack();
    assertThat(model.positionProperty().get()).isZero();
    model.stepBack();
    assertThat(model.positionProperty().get()).isZero();
  }

  @Test
  void playGoesOnByTheClockItIsTold() {
    show("ppp");
    model.play();
    long second = 1_000_000_000L;
    model.pulse(second);
    assertThat(model.positionProperty().get()).isZero();
    model.pulse(second + PathModel.STAGE_NANOS);
    assertThat(model.positionProperty().get()).isEqualTo(1);
    model.pulse(second + PathModel.STAGE_NANOS + 1);
    assertThat(model.positionProperty().get()).isEqualTo(1);
    model.pulse(second + 2 * PathModel.STAGE_NANOS);
    assertThat(model.positionProperty().get()).isEqualTo(2);
    assertThat(model.playingProperty().get()).isFalse();
  }

  @Test
  void reducedMotionShowsTheEndAtOnce() {
    show("ppp");
    model.step();
    model.reducedMotionProperty().set(true);
    model.play();
    assertThat(model.playingProperty().get()).isFalse();
    assertThat(model.positionProperty().get()).isEqualTo(2);
  }

  @Test
  void laterCommandKeepsTheReadersPlaceInTheRequest() {
    show("pp");
    model.step();
    model.show(new PathAnswer(picture("pp"), PathAnswer.When.EARLIER));
    assertThat(model.positionProperty().get()).isZero();
    assertThat(model.whenProperty().get()).isEqualTo(PathAnswer.When.EARLIER);
  }

  @Test
  void sameRequestMadeAgainIsShownAsAWhole() {
    show("pp");
    model.step();
    show("pp");
    assertThat(model.positionProperty().get()).isEqualTo(1);
  }

  @Test
  void powerOnTakesTheRequestAway() {
    show("pp");
    model.show(new PathAnswer(null, PathAnswer.When.NOW));
    assertThat(model.pictureProperty().get()).isNull();
    assertThat(model.positionProperty().get()).isEqualTo(-1);
  }

  @Test
  void nothingHappensWithoutARequest() {
    model.step();
    model.stepBack();
    model.play();
    assertThat(model.positionProperty().get()).isEqualTo(-1);
    assertThat(model.playingProperty().get()).isFalse();
  }
}
