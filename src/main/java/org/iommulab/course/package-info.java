/**
 * Lessons: presets with didactics. Reads and checks them, asks their questions of a laboratory's
 * state, marks sessions by replay. May import {@code lab..}.
 */
package org.iommulab.course;
