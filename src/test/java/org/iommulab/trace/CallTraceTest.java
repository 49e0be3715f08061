package org.iommulab.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.iommulab.testing.Seeds;
import org.iommulab.trace.CallFrame.Argument;
import org.iommulab.trace.CallFrame.EntryWrite;
import org.junit.jupiter.api.Test;

final class CallTraceTest {

  private final CallTrace trace = new CallTrace();

  @Test
  void callsFormATreeWithWhatTheyDid() {
    trace.enter("iommu_map").hex("iova", 0x1000).number("pages", 2).text("prot", "rw");
    trace.enter("__domain_mapping");
    trace.wrote("PT[1]", 0x9008, 0, 0x5003);
    trace.leave();
    trace.effect("flushed");
    trace.leave(0);

    assertThat(trace.take())
        .singleElement()
        .satisfies(
            frame -> {
              assertThat(frame.function()).isEqualTo("iommu_map");
              assertThat(frame.arguments())
                  .containsExactly(
                      new Argument("iova", 0x1000, true, null),
                      new Argument("pages", 2, false, null),
                      new Argument("prot", 0, false, "rw"));
              assertThat(frame.effects()).containsExactly("flushed");
              assertThat(frame.result()).isEqualTo("0");
              assertThat(frame.size()).isEqualTo(2);
              assertThat(frame.children().getFirst().writes())
                  .containsExactly(new EntryWrite("PT[1]", 0x9008, 0, 0x5003));
            });
  }

  @Test
  void failureNamesItsErrnoAndTheCheck() {
    trace.enter("iopt_map_pages");
    trace.fail("EEXIST", "an area overlaps");

    CallFrame frame = trace.take().getFirst();
    assertThat(frame.errno()).isEqualTo("EEXIST");
    assertThat(frame.result()).isEqualTo("-EEXIST");
    assertThat(frame.cause()).isEqualTo("an area overlaps");
  }

  @Test
  void callWithMoreChildrenThanTheLimitKeepsItsRootAndCountsTheRest() {
    trace.enter("root");
    for (int i = 0; i < CallTrace.LIMIT + 10; i++) {
      trace.enter("child").number("i", i);
      trace.leave(0);
    }
    trace.effect("done");
    trace.leave(0);

    assertThat(trace.lost()).isEqualTo(11);
    CallFrame root = trace.take().getFirst();
    assertThat(root.function()).isEqualTo("root");
    assertThat(root.size()).isEqualTo(CallTrace.LIMIT);
    assertThat(root.arguments()).as("nothing of a dropped child ends up here").isEmpty();
    assertThat(root.effects()).containsExactly("done");
  }

  @Test
  void notesAreBoundedOverAllFrames() {
    trace.enter("root");
    for (int i = 0; i < CallTrace.NOTES + 5; i++) {
      trace.wrote("PT", i, 0, 1);
    }
    trace.leave();

    assertThat(trace.lost()).isEqualTo(5);
    assertThat(trace.take().getFirst().writes()).hasSize(CallTrace.NOTES);
  }

  @Test
  void takingStartsAfresh() {
    trace.enter("left open");
    trace.take();
    trace.leave();
    trace.enter("next");
    trace.leave("done");

    assertThat(trace.take()).extracting(CallFrame::function).containsExactly("next");
    assertThat(trace.take()).isEmpty();
    assertThat(trace.lost()).isZero();
  }

  @Test
  void notesWithoutAnOpenFrameGoNowhere() {
    trace.effect("nobody did it");
    trace.hex("x", 1);
    trace.fail("EINVAL", null);

    assertThat(trace.take()).isEmpty();
  }

  @Seeds
  void treeHasTheShapeOfTheCalls(long seed) {
    var random = new Random(seed);
    var open = new ArrayDeque<String>();
    var expected = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      if (open.isEmpty() || random.nextBoolean()) {
        String name = "f" + i;
        open.push(name);
        expected.append(name).append('(');
        trace.enter(name);
      } else {
        open.pop();
        expected.append(')');
        trace.leave(i);
      }
    }
    while (!open.isEmpty()) {
      open.pop();
      expected.append(')');
      trace.leave();
    }
    var actual = new StringBuilder();
    trace.take().forEach(frame -> print(frame, actual));
    assertThat(actual).hasToString(expected.toString());
  }

  private static void print(CallFrame frame, StringBuilder out) {
    out.append(frame.function()).append('(');
    frame.children().forEach(child -> print(child, out));
    out.append(')');
  }
}
