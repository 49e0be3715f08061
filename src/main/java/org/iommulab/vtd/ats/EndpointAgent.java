package org.iommulab.vtd.ats;

import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.PageRequestMessage;
import org.iommulab.bus.ats.TranslationAgent;
import org.iommulab.bus.ats.TranslationCompletion;
import org.iommulab.bus.ats.TranslationRequest;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.config.Surroundings;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.invalidation.InvalidationQueue;
import org.iommulab.vtd.register.RegisterFile;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.PathRecorder;
import org.iommulab.vtd.request.TranslationTrace;
import org.iommulab.vtd.translate.Requests;
import org.iommulab.vtd.translate.Translator;

/** What the unit is to endpoints that cache translations: their translation agent. */
public final class EndpointAgent implements TranslationAgent {

  private final TranslationRequests translations;
  private final PageRequestQueue pageRequests;
  private final InvalidationQueue invalidations;
  private final DeviceTlbFreshness freshness;

  /** The agent of a unit, its page request queue empty. */
  public EndpointAgent(
      UnitConfiguration configuration,
      Surroundings surroundings,
      RegisterFile registers,
      Caches caches,
      Translator translator,
      Requests requests,
      InvalidationQueue invalidations,
      Counters counters) {
    this.invalidations = invalidations;
    translations = new TranslationRequests(configuration, translator, requests, counters);
    pageRequests =
        new PageRequestQueue(
            configuration, surroundings, registers, caches, translator, requests, counters);
    freshness = new DeviceTlbFreshness(translator);
  }

  @Override
  public TranslationCompletion translate(TranslationRequest request) {
    return translations.complete(request, null);
  }

  /** As {@link #translate}, and keeps every stage. */
  public TranslationTrace trace(TranslationRequest request) {
    var recorder = new PathRecorder();
    TranslationCompletion completion = translations.complete(request, recorder);
    return new TranslationTrace(request, recorder.steps(), completion);
  }

  @Override
  public void invalidationCompleted(SourceId source, int tag) {
    invalidations.invalidationCompleted(source.value(), tag);
  }

  @Override
  public Receipt request(PageRequestMessage message) {
    return pageRequests.submit(message);
  }

  /** Tells whether a translation that a device has cached differs from what the tables now say. */
  public boolean isStale(SourceId source, DeviceTlb.Line line) {
    return freshness.isStale(source, line);
  }
}
