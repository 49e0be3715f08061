package org.iommulab.lab.language;

import java.util.List;
import org.iommulab.bus.traffic.TrafficPattern;

/** The keys of a line that lets a device make traffic. */
public final class DriverFields {

  /** Most requests of one line. */
  public static final int MOST_REQUESTS = 1_000_000;

  /** Most bytes of one request. */
  public static final int LARGEST_REQUEST = 4096;

  /** The keys of one of the ranges. */
  public static final List<Field> RANGE =
      List.of(Field.of("start", Kind.EXPRESSION), Field.of("len", Kind.EXPRESSION));

  /** The keys of {@code traffic} beside the device. */
  public static final List<Field> TRAFFIC =
      List.of(
          Field.object("ranges", Kind.OBJECTS, RANGE).note("a list of `start`, `len`"),
          Field.choice("pattern", TrafficPattern.words().toArray()).optional(),
          Field.of("seed", Kind.NUMBER).optional(),
          Field.of("count", Kind.NUMBER).between(1, MOST_REQUESTS).optional().note("requests, 1"),
          Field.of("bytes", Kind.NUMBER).between(1, LARGEST_REQUEST).optional().note("each, 64"),
          Field.of("stride", Kind.NUMBER).in("bytes").optional().note("4096"),
          Field.of("writes", Kind.NUMBER).between(0, 100).optional().note("percent, 50"));

  private DriverFields() {}
}
