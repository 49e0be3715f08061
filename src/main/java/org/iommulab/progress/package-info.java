/**
 * How long work tells how far it has come, and hears that nobody wants it any more; files of people
 * are opened with it. May import nothing of the laboratory.
 */
package org.iommulab.progress;
