from django.urls import path

from verifier.api import views

urlpatterns = [
    path("verifications", views.VerificationCreate.as_view(), name="verification-create"),
    path("verifications/<str:public_id>", views.VerificationDetail.as_view(), name="verification-detail"),
    path("signed-documents", views.SignedDocumentCreate.as_view(), name="signed-document-create"),
    path("certificate-kinds", views.CertificateKinds.as_view(), name="certificate-kinds"),
    path("certificates/inspect", views.CertificateInspect.as_view(), name="certificate-inspect"),
    path("challenges", views.ChallengeCreate.as_view(), name="challenge-create"),
]
